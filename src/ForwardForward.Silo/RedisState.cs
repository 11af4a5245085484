using System.ComponentModel.DataAnnotations;
using ForwardForward.Runtime.Connections.Security;
using ForwardForward.Runtime.Experiments;
using Orleans.Storage;
using StackExchange.Redis;

namespace ForwardForward.Silo;

/// <summary>Membership and the state of runs, over one connection to Redis.</summary>
internal static class RedisState
{
    /// <param name="tlsFolder">
    /// Where it is not empty, a Redis that speaks TLS may also show a certificate of the cluster's own authority.
    /// </param>
    /// <exception cref="RedisUnreachableException">Redis does not answer, or does not let in who comes so.</exception>
    /// <exception cref="ValidationException">The text cannot be read.</exception>
    public static async Task<IConnectionMultiplexer> Connect(string redis, string tlsFolder)
    {
        var options = Parse(redis);
        if (options.Ssl && tlsFolder.Length > 0)
        {
            options.TrustIssuer(Path.Combine(tlsFolder, CertificateFolder.Authority));
        }

        try
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(options);
            await connection.GetDatabase().PingAsync();
            return connection;
        }
        catch (Exception e) when (e is RedisException && RedisRefusal.Of(e, options) is { } refusal)
        {
            throw new RedisUnreachableException($"Silo:Redis is '{options.ToString(includePassword: false)}', {refusal}", e);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new RedisUnreachableException(
                $"Silo:Redis is '{options.ToString(includePassword: false)}', but no Redis answers there ({FirstSentence(e.Message)}).",
                e
            );
        }
    }

    /// <param name="wasEmptyAt">As <see cref="MemberTable.WasEmptyAt"/> says.</param>
    public static ISiloBuilder UseRedis(this ISiloBuilder silo, IConnectionMultiplexer connection, string redis, long? wasEmptyAt)
    {
        silo.Services.AddSingleton(services => MemberTable.Of(services, connection, wasEmptyAt));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => services.GetRequiredService<MemberTable>());
        silo.UseRedisClustering(options =>
        {
            options.ConfigurationOptions = ConfigurationOptions.Parse(redis);
            options.CreateMultiplexer = _ => Task.FromResult((connection, true));
        });
        silo.AddRedisGrainStorage(
            RunRecord.Storage,
            options =>
                options.Configure<Orleans.Serialization.Serializer>(
                    (storage, serializer) =>
                    {
                        storage.ConfigurationOptions = ConfigurationOptions.Parse(redis);
                        storage.CreateMultiplexer = _ => Task.FromResult((connection, true));
                        storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
                    }
                )
        );
        return silo;
    }

    private static ConfigurationOptions Parse(string redis)
    {
        try
        {
            return ConfigurationOptions.Parse(redis);
        }
        catch (ArgumentException e)
        {
            // what was given may hold a password
            throw new ValidationException($"Silo:Redis cannot be read ({FirstSentence(e.Message)}), expected HOST:PORT.", e);
        }
    }

    private static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');
}
