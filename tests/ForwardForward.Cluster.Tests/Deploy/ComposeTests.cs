using System.Text.Json.Nodes;

namespace ForwardForward.Cluster.Tests.Deploy;

public sealed class ComposeTests
{
    private static readonly string[] Silos = ["silo-1", "silo-2", "silo-3"];
    private readonly JsonNode _compose = Yaml.Read("docker-compose.yml");

    private JsonObject Services => _compose["services"]!.AsObject();

    [InstalledFact("docker-compose")]
    public async Task Docker_compose_accepts_the_file() =>
        (
            await Command.Run("docker-compose", "-f", Repository.At("docker-compose.yml"), "--profile", "console", "config", "-q")
        ).Succeeded();

    [InstalledFact("docker-compose")]
    public async Task Plug_ins_of_a_folder_reach_every_silo_and_the_console_over_the_same_file()
    {
        string[] files = ["-f", Repository.At("docker-compose.yml"), "-f", Repository.At("deploy/plugins/docker-compose.yml")];
        Task<Command> Config(params string[] named) =>
            Command.Run(
                "docker-compose",
                [.. files, "--profile", "console", "config"],
                named.ToDictionary(name => name, name => name == "PLUGINS" ? "/own" : "/plugins/OwnParts.dll")
            );

        var services = Yaml.Parse((await Config("PLUGINS", "FF_PLUGINS")).Succeeded())["services"]!;
        var unnamed = await Config("PLUGINS");

        Assert.All(
            Silos.Append("console"),
            name =>
            {
                Assert.Equal("/plugins/OwnParts.dll", (string?)services[name]!["environment"]!["FF_PLUGINS"]);
                Assert.Equal((string?)Services[name]!["environment"]!["FF_NAME"], (string?)services[name]!["environment"]!["FF_NAME"]);
                Assert.Contains("/own:/plugins:ro", services[name]!["volumes"].Texts());
                Assert.Contains("certs:/certs:ro", services[name]!["volumes"].Texts());
            }
        );
        Assert.NotEqual(0, unnamed.ExitCode);
        Assert.Contains("FF_PLUGINS", unnamed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_services_are_three_silos_and_what_they_need() =>
        Assert.Equal(["certificates", "console", "grafana", "prometheus", "redis", .. Silos], Services.Select(s => s.Key).Order());

    [Fact]
    public void Silos_differ_in_name_and_address_alone()
    {
        var bare = Silos
            .Select(name =>
            {
                var silo = Services[name]!.DeepClone().AsObject();
                var environment = silo["environment"]!.AsObject();
                Assert.Equal(name, (string?)environment["FF_NAME"]);
                Assert.Equal(name, (string?)environment["FF_ADVERTISED_ADDRESS"]);
                environment.Remove("FF_NAME");
                environment.Remove("FF_ADVERTISED_ADDRESS");
                silo.Remove("ports");
                return silo;
            })
            .ToArray();
        Assert.All(bare, silo => Assert.True(JsonNode.DeepEquals(bare[0], silo), $"{silo} is not {bare[0]}"));
    }

    [Fact]
    public void Silos_and_console_are_the_image_of_the_Dockerfile()
    {
        foreach (var service in Silos.Append("console").Append("certificates").Select(name => Services[name]!))
        {
            Assert.Equal("forwardforward:${TORCH_BACKEND:-cpu}", (string?)service["image"]);
            Assert.Equal("deploy/Dockerfile", (string?)service["build"]!["dockerfile"]);
            Assert.Equal("${TORCH_BACKEND:-cpu}", (string?)service["build"]!["args"]!["TORCH_BACKEND"]);
            Assert.Null(service["entrypoint"]);
        }

        Assert.All(Silos, name => Assert.Null(Services[name]!["command"]));
    }

    [Fact]
    public void The_console_trains_once_on_the_silos_cluster_and_only_when_asked()
    {
        var console = Services["console"]!;
        Assert.Equal(
            ["ff.dll", "train", "supervised-quick", "--cluster", (string)Services["silo-1"]!["environment"]!["FF_REDIS"]!],
            console["command"].Texts()
        );
        Assert.Equal(["console"], console["profiles"].Texts());
        Assert.Null(console["restart"]);
        Assert.Equal(Silos, console["depends_on"]!.AsObject().Select(s => s.Key));
        Assert.All(console["depends_on"]!.AsObject(), s => Assert.Equal("service_healthy", (string?)s.Value!["condition"]));
        Assert.Contains("runs:/app/runs", console["volumes"].Texts());
    }

    [Fact]
    public void Nobody_comes_in_without_a_certificate_and_only_who_issues_them_sees_the_key_of_the_authority()
    {
        var (certificates, console) = (Services["certificates"]!, Services["console"]!);
        Assert.Equal(["ff.dll", "cluster", "certs", "-o", "/certs", "--authority", "/authority"], certificates["command"].Texts());
        Assert.Equal(["certs:/certs", "authority:/authority"], certificates["volumes"].Texts());
        Assert.All(
            Services.Where(s => s.Key != "certificates"),
            s => Assert.DoesNotContain(s.Value!["volumes"].Texts(), volume => volume.StartsWith("authority:", StringComparison.Ordinal))
        );
        Assert.All(
            Silos,
            name =>
            {
                Assert.Equal("/certs/silo", (string?)Services[name]!["environment"]!["FF_TLS_FOLDER"]);
                Assert.Equal("service_completed_successfully", (string?)Services[name]!["depends_on"]!["certificates"]!["condition"]);
                Assert.Contains("certs:/certs:ro", Services[name]!["volumes"].Texts());
            }
        );
        Assert.Equal("/certs/operator", (string?)console["environment"]!["FF_TLS_FOLDER"]);
        Assert.EndsWith(
            "/certs /authority",
            new Dockerfile().Lines.Single(line => line.Contains("install -d", StringComparison.Ordinal)),
            StringComparison.Ordinal
        ); // and so it is the user's that writes there
    }

    [Fact]
    public void Redis_runs_with_the_configuration_of_a_local_cluster()
    {
        var command = Services["redis"]!["command"].Texts();
        Assert.Equal(
            ["valkey-server", "/etc/redis/redis.conf", "--port", "6379", "--bind", "0.0.0.0", "--dir", "/data", "--protected-mode", "no"],
            command
        );
        Assert.Equal(["./deploy/redis/redis.conf:/etc/redis/redis.conf:ro", "redis:/data"], Services["redis"]!["volumes"].Texts());
        Assert.Equal("redis:6379", (string?)Services["silo-1"]!["environment"]!["FF_REDIS"]);
    }

    [Fact]
    public void Prometheus_runs_with_the_flags_of_a_local_cluster()
    {
        string[] expected =
        [
            "--config.file=/etc/prometheus/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            "--web.listen-address=0.0.0.0:9090",
        ];
        Assert.Equal(expected, Services["prometheus"]!["command"].Texts());
        Assert.Equal(["./deploy/prometheus:/etc/prometheus:ro", "prometheus:/prometheus"], Services["prometheus"]!["volumes"].Texts());
    }

    [Fact]
    public void Every_mount_is_a_named_volume_or_a_read_only_path_that_exists()
    {
        foreach (var mount in Services.SelectMany(s => s.Value!["volumes"].Texts()).Select(v => v.Split(':')))
        {
            if (mount[0].StartsWith("./", StringComparison.Ordinal))
            {
                Assert.True(Path.Exists(Repository.At(mount[0])), $"{mount[0]} is mounted and does not exist");
                Assert.Equal("ro", mount[2]);
            }
            else
            {
                Assert.True(_compose["volumes"]!.AsObject().ContainsKey(mount[0]), $"{mount[0]} is no volume of the file");
            }
        }
    }

    [Fact]
    public void No_service_can_write_outside_its_volumes_or_gain_rights()
    {
        foreach (var (_, service) in Services)
        {
            Assert.Equal("true", (string?)service!["read_only"]);
            Assert.Equal(["/tmp"], service["tmpfs"].Texts());
            Assert.Equal(["ALL"], service["cap_drop"].Texts());
            Assert.Equal(["no-new-privileges:true"], service["security_opt"].Texts());
        }

        Assert.Equal("valkey", (string?)Services["redis"]!["user"]); // its image starts as root, the others' do not
    }

    [Fact]
    public void Ports_are_published_to_this_machine_alone() =>
        Assert.Equal(
            ["127.0.0.1:30000:30000", "127.0.0.1:3000:3000", "127.0.0.1:9090:9090"],
            Services.SelectMany(s => s.Value!["ports"].Texts()).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Whatever_stays_up_is_restarted_and_has_a_health_check()
    {
        foreach (var (name, service) in Services.Where(s => s.Key is not ("console" or "certificates")))
        {
            Assert.Equal("unless-stopped", (string?)service!["restart"]);
            Assert.NotEqual(Silos.Contains(name), service["healthcheck"]?["test"] is not null); // a silo has its image's
        }

        Assert.Equal("true", (string?)Services["console"]!["healthcheck"]!["disable"]);
    }

    [Fact]
    public void A_silo_waits_for_Redis_and_has_a_minute_to_stop()
    {
        Assert.Equal("service_healthy", (string?)Services["silo-1"]!["depends_on"]!["redis"]!["condition"]);
        Assert.Equal("60s", (string?)Services["silo-1"]!["stop_grace_period"]);
    }

    [Fact]
    public void Images_of_others_have_a_version() =>
        Assert.All(new[] { "redis", "prometheus", "grafana" }, name => Assert.Matches(@":v?\d+\.\d+", (string)Services[name]!["image"]!));
}
