using System.IO.Pipelines;
using System.Net;
using ForwardForward.Runtime.Connections;
using ForwardForward.Runtime.Membership;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ForwardForward.Runtime.Tests.Connections;

public class TensorConnectionTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(5_000_000)] // longer than a block
    public async Task Bytes_arrive_as_they_were_sent(int length)
    {
        var (near, far) = await Connect();
        var sent = Enumerable.Range(0, length).Select(i => (byte)(i * 31 / 7)).ToArray();
        var arrived = Read(far.Transport.Input, length);
        await near.Transport.Output.WriteAsync(sent);
        Assert.Equal(sent, await arrived.WaitAsync(Timeout));
        await near.DisposeAsync();
        await far.DisposeAsync();
    }

    [Fact]
    public async Task The_end_of_one_side_ends_the_reads_of_the_other_and_its_own_token_says_so()
    {
        var (near, far) = await Connect();
        var reading = Assert.ThrowsAnyAsync<IOException>(() => Read(far.Transport.Input, 1));
        var closed = new TaskCompletionSource();
        near.ConnectionClosed.Register(closed.SetResult);
        near.Abort(new ConnectionAbortedException());
        await closed.Task.WaitAsync(Timeout);
        await reading.WaitAsync(Timeout);
        await near.DisposeAsync();
        await far.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_whose_ends_are_complete_can_still_be_told_to_give_up_and_closed()
    {
        var (near, far) = await Connect();
        var reading = Assert.ThrowsAnyAsync<IOException>(() => Read(far.Transport.Input, 2));
        await near.Transport.Output.WriteAsync(new byte[1]); // a flush that can be cancelled
        await near.Transport.Output.CompleteAsync(new ConnectionAbortedException());
        await near.Transport.Input.CompleteAsync();

        near.Transport.Output.CancelPendingFlush();
        near.Transport.Input.CancelPendingRead();

        await near.DisposeAsync();
        await reading.WaitAsync(Timeout);
        await far.DisposeAsync();
    }

    [Fact]
    public async Task A_port_that_is_closed_accepts_nobody()
    {
        var listener = await new TensorConnectionListenerFactory().BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = listener.AcceptAsync().AsTask();
        await listener.UnbindAsync();
        Assert.Null(await accepting.WaitAsync(Timeout));
    }

    [Fact]
    public void A_silo_has_no_other_connections()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().Services.AddSingleton<DeathWatch>().UseTensorConnections());
        var services = builder
            .Services.Where(s => s.ServiceType == typeof(IConnectionFactory) || s.ServiceType == typeof(IConnectionListenerFactory))
            .ToList();
        using var host = builder.Build();
        Assert.Equal(3, services.Count); // to silos, for silos, for clients
        Assert.All(
            services,
            service =>
                Assert.True(
                    host.Services.GetRequiredKeyedService(service.ServiceType, service.ServiceKey)
                        is TensorConnectionFactory
                            or TensorConnectionListenerFactory
                )
        );
    }

    private static async Task<(ConnectionContext Near, ConnectionContext Far)> Connect()
    {
        await using var listener = await new TensorConnectionListenerFactory().BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = listener.AcceptAsync().AsTask();
        var near = await new TensorConnectionFactory(_ => { }).ConnectAsync(listener.EndPoint);
        return (near, (await accepting)!);
    }

    private static async Task<byte[]> Read(PipeReader reader, int length)
    {
        var result = await reader.ReadAtLeastAsync(length);
        if (result.Buffer.Length < length)
        {
            throw new EndOfStreamException($"{result.Buffer.Length} of {length} bytes came."); // an IOException, as a reset is
        }

        return System.Buffers.BuffersExtensions.ToArray(result.Buffer);
    }
}
