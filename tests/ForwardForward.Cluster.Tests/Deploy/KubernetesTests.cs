using k8s;
using k8s.Models;

namespace ForwardForward.Cluster.Tests.Deploy;

public sealed class KubernetesTests
{
    private static readonly Manifests Base = Manifests.Base;
    private static readonly V1Job Train = Assert.IsType<V1Job>(
        Assert.Single(Manifests.Read(File.ReadAllText(Repository.At("deploy/kubernetes/train/job.yaml"))))
    );
    private static readonly V1PodSpec Silo = Base.The<V1StatefulSet>("silo").Spec.Template.Spec;

    [Fact]
    public void Every_file_holds_named_objects_of_their_kinds()
    {
        foreach (var file in Manifests.Files)
        {
            var objects = Manifests.Read(File.ReadAllText(file));
            Assert.NotEmpty(objects);
            Assert.All(objects, o => Assert.NotEmpty(((IKubernetesObject<V1ObjectMeta>)o).Name()));
        }
    }

    [Fact]
    public void A_misspelt_field_would_be_noticed()
    {
        var silo = File.ReadAllText(Repository.At("deploy/kubernetes/base/silo.yaml"));
        var refusal = Assert.ThrowsAny<Exception>(() =>
            Manifests.Read(silo.Replace("terminationGracePeriodSeconds", "terminationGraceSeconds", StringComparison.Ordinal))
        );
        Assert.Contains("terminationGraceSeconds", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_kustomization_names_exists()
    {
        var kustomizations = Directory.GetFiles(Repository.At("deploy"), "kustomization.yaml", SearchOption.AllDirectories);
        Assert.Equal(5, kustomizations.Length);
        foreach (var path in kustomizations)
        {
            var (folder, content) = (Path.GetDirectoryName(path)!, Yaml.Read(path));
            var named = content["resources"]
                .Texts()
                .Concat((content["patches"]?.AsArray() ?? []).Select(p => (string)p!["path"]!))
                .Concat((content["configMapGenerator"]?.AsArray() ?? []).SelectMany(g => g!["files"].Texts()));
            Assert.All(named, name => Assert.True(Path.Exists(Path.Combine(folder, name)), $"{path} names {name}, which does not exist"));
        }
    }

    [Fact]
    public void Selectors_match_the_labels_of_the_pods()
    {
        foreach (var set in Base.All<V1StatefulSet>())
        {
            Assert.Subset(set.Spec.Template.Labels().ToHashSet(), set.Spec.Selector.MatchLabels.ToHashSet());
            Assert.Contains(Base.All<V1Service>(), s => s.Name() == set.Spec.ServiceName);
        }

        Assert.All(Base.All<V1Service>(), service => Assert.Single(Base.All<V1StatefulSet>(), set => Selects(service, set)));
    }

    [Fact]
    public void Services_lead_to_ports_that_their_pods_name()
    {
        foreach (var service in Base.All<V1Service>())
        {
            var container = Assert.Single(Base.All<V1StatefulSet>().Single(set => Selects(service, set)).Spec.Template.Spec.Containers);
            Assert.All(
                service.Spec.Ports,
                port => Assert.Contains(container.Ports, p => p.Name == port.TargetPort.Value && p.ContainerPort == port.Port)
            );
        }
    }

    [Fact]
    public void The_ports_are_those_of_the_image()
    {
        var ports = Assert.Single(Silo.Containers).Ports;
        Assert.Equal(new Dockerfile().The("EXPOSE").Split(' ').Order(), ports.Select(p => $"{p.ContainerPort}").Order());
        Assert.Equal(
            ("silo", "gateway", "http"),
            (
                ports.Single(p => p.ContainerPort == 11111).Name,
                ports.Single(p => p.ContainerPort == 30000).Name,
                ports.Single(p => p.ContainerPort == 8080).Name
            )
        );
    }

    [Fact]
    public void Silos_find_each_other_without_a_balancer_between() =>
        Assert.Equal("None", Base.All<V1Service>().Single(s => s.Name() == "silo").Spec.ClusterIP);

    [Fact]
    public void A_silo_is_probed_for_health_and_for_life_and_has_a_minute_to_stop()
    {
        var container = Assert.Single(Silo.Containers);
        Assert.Equal(
            [("/health", "http"), ("/health", "http"), ("/health/live", "http")], // one that waits for Redis is not killed for it
            new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }.Select(probe =>
                (probe.HttpGet.Path, probe.HttpGet.Port.Value)
            )
        );
        Assert.Equal(60, Silo.TerminationGracePeriodSeconds);
    }

    [Fact]
    public void Silos_prefer_different_nodes()
    {
        var term = Assert.Single(Silo.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution).PodAffinityTerm;
        Assert.Equal("kubernetes.io/hostname", term.TopologyKey);
        Assert.Equal(Base.The<V1StatefulSet>("silo").Spec.Selector.MatchLabels, term.LabelSelector.MatchLabels);
    }

    [Fact]
    public void A_pod_tells_Orleans_who_it_is()
    {
        var labels = Base.The<V1StatefulSet>("silo").Spec.Template.Labels();
        Assert.Superset(new HashSet<string> { "orleans/serviceId", "orleans/clusterId" }, labels.Keys.ToHashSet());
        var variables = Assert.Single(Silo.Containers).Env.ToDictionary(e => e.Name, e => e.ValueFrom?.FieldRef.FieldPath ?? e.Value);
        Assert.Equal("metadata.name", variables["POD_NAME"]);
        Assert.Equal("metadata.namespace", variables["POD_NAMESPACE"]);
        Assert.Equal("status.podIP", variables["POD_IP"]);
        Assert.Equal("metadata.labels['orleans/serviceId']", variables["ORLEANS_SERVICE_ID"]);
        Assert.Equal("metadata.labels['orleans/clusterId']", variables["ORLEANS_CLUSTER_ID"]);
        Assert.Equal(
            ("$(POD_NAME)", "$(ORLEANS_CLUSTER_ID)", "$(POD_IP)"),
            (variables["FF_NAME"], variables["FF_CLUSTER_ID"], variables["FF_ADVERTISED_ADDRESS"])
        );
    }

    [Fact]
    public void A_silo_lets_nobody_in_without_a_certificate_of_the_secret()
    {
        var container = Assert.Single(Silo.Containers);
        var mount = container.VolumeMounts.Single(m => m.Name == "certs");
        Assert.Equal((mount.MountPath, true), (container.Env.Single(e => e.Name == "FF_TLS_FOLDER").Value, mount.ReadOnlyProperty));
        Assert.Equal("silo-tls", Silo.Volumes.Single(v => v.Name == "certs").Secret.SecretName);
    }

    [Fact]
    public void A_silo_may_watch_the_pods_of_its_namespace_and_no_more()
    {
        var rule = Assert.Single(Base.The<V1Role>("silo").Rules);
        Assert.Equal(["pods"], rule.Resources);
        Assert.Equal(["get", "list", "watch", "patch"], rule.Verbs);
        var binding = Base.The<V1RoleBinding>("silo");
        Assert.Equal(("Role", "silo"), (binding.RoleRef.Kind, binding.RoleRef.Name));
        var subject = Assert.Single(binding.Subjects);
        Assert.Equal(
            ("ServiceAccount", Silo.ServiceAccountName, Base.The<V1Namespace>("forwardforward").Name()),
            (subject.Kind, subject.Name, subject.NamespaceProperty)
        );
        Assert.Equal(Silo.ServiceAccountName, Base.The<V1ServiceAccount>("silo").Name());
    }

    [Fact]
    public void No_container_can_write_outside_its_volumes_or_gain_rights()
    {
        foreach (var pod in Base.All<V1StatefulSet>().Select(s => s.Spec.Template.Spec).Append(Train.Spec.Template.Spec))
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            var context = Assert.Single(pod.Containers).SecurityContext;
            Assert.True(context.ReadOnlyRootFilesystem);
            Assert.False(context.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], context.Capabilities.Drop);
        }
    }

    [Fact]
    public void Of_the_silos_one_at_a_time_may_be_taken_away()
    {
        var budget = Base.The<V1PodDisruptionBudget>("silo").Spec;
        Assert.Equal("1", budget.MaxUnavailable.Value);
        Assert.Equal(Base.The<V1StatefulSet>("silo").Spec.Selector.MatchLabels, budget.Selector.MatchLabels);
    }

    [Fact]
    public void Pods_reach_one_another_at_the_named_ports_alone()
    {
        var policies = Base.All<V1NetworkPolicy>().ToDictionary(policy => policy.Name(), policy => policy.Spec);
        var all = policies["nothing-else"];
        Assert.Null(all.PodSelector.MatchLabels); // every pod
        Assert.Equal((0, 0, 2), (all.Ingress?.Count ?? 0, all.Egress?.Count ?? 0, all.PolicyTypes.Count));

        var pods = Base.All<V1StatefulSet>().Select(set => set.Spec.Template).ToDictionary(pod => pod.Labels()["app"], pod => pod.Spec);
        pods.Add(Train.Spec.Template.Labels()["app"], Train.Spec.Template.Spec);
        (string From, string To, string Port)[] ways =
        [
            ("console", "silo", "gateway"),
            ("silo", "redis", "redis"),
            ("silo", "silo", "silo"),
        ];
        Assert.Equal(
            ways,
            pods.Keys.SelectMany(from =>
                    (policies[from].Egress ?? []).SelectMany(rule =>
                        (rule.To ?? []).Select(to => (from, App(to), Assert.Single(rule.Ports).Port.Value))
                    )
                )
                .Order()
        );
        Assert.Equal(
            ways.Append(("prometheus", "silo", "http")).Order(),
            pods.Keys.SelectMany(to =>
                    (policies[to].Ingress ?? []).SelectMany(rule =>
                        rule.FromProperty.Select(from => (App(from), to, Assert.Single(rule.Ports).Port.Value))
                    )
                )
                .Order()
        );
        Assert.All(ways, way => Assert.Contains(way.Port, Assert.Single(pods[way.To].Containers).Ports.Select(port => port.Name)));
        Assert.All(pods.Keys, app => Assert.Equal(app, policies[app].PodSelector.MatchLabels["app"]));
    }

    [Fact]
    public void The_console_is_a_job_that_trains_once_with_the_operators_certificate()
    {
        var console = Assert.Single(Train.Spec.Template.Spec.Containers);
        Assert.Equal(["ff.dll", "train", "supervised-quick", "--cluster", "gateway:30000", "--name", "quick"], console.Args);
        Assert.Contains(Base.The<V1Service>("gateway").Spec.Ports, port => port.Port == 30000);
        Assert.Equal((0, "Never"), (Train.Spec.BackoffLimit, Train.Spec.Template.Spec.RestartPolicy));
        Assert.Equal(Assert.Single(Silo.Containers).Image, console.Image);
        var mount = console.VolumeMounts.Single(m => m.Name == "certs");
        Assert.Equal((mount.MountPath, true), (console.Env.Single(e => e.Name == "FF_TLS_FOLDER").Value, mount.ReadOnlyProperty));
        Assert.Equal("operator-tls", Train.Spec.Template.Spec.Volumes.Single(v => v.Name == "certs").Secret.SecretName);
    }

    [Fact]
    public void Redis_is_the_one_of_docker_compose()
    {
        var compose = Yaml.Read("docker-compose.yml")["services"]!["redis"]!;
        var redis = Assert.Single(Base.The<V1StatefulSet>("redis").Spec.Template.Spec.Containers);
        Assert.Equal(compose["command"].Texts(), redis.Args);
        Assert.Equal((string?)compose["image"], redis.Image);
    }

    [Fact]
    public void Pods_with_volumes_of_their_own_keep_checkpoints_as_silos_that_share_nothing()
    {
        foreach (var path in Directory.GetFiles(Repository.At("deploy/kubernetes"), "kustomization.yaml", SearchOption.AllDirectories))
        {
            var isBase = Path.GetFileName(Path.GetDirectoryName(path)) == "base";
            var maps = Yaml.Read(path)["configMapGenerator"]?.AsArray() ?? [];
            var settings = maps.Where(map => (string?)map!["name"] == "silo").SelectMany(map => map!["literals"].Texts());
            Assert.Equal(
                isBase ? ["FF_CHECKPOINTS_SHARED=false"] : Array.Empty<string>(),
                settings.Where(setting => setting.StartsWith("FF_CHECKPOINTS_SHARED", StringComparison.Ordinal))
            );
        }

        var own = Assert.Single(Base.The<V1StatefulSet>("silo").Spec.VolumeClaimTemplates);
        Assert.Equal(["ReadWriteOnce"], own.Spec.AccessModes);
        Assert.StartsWith(
            Assert.Single(Silo.Containers).VolumeMounts.Single(mount => mount.Name == own.Name()).MountPath + "/",
            new Dockerfile()
                .The("ENV")
                .Split(' ')
                .Single(variable => variable.StartsWith("FF_CHECKPOINT_FOLDER=", StringComparison.Ordinal))
                .Split('=')[1],
            StringComparison.Ordinal
        );
    }

    [InstalledFact("kubectl")]
    public async Task The_base_gives_Redis_its_file_and_silos_their_settings()
    {
        var rendered = await Manifests.Rendered("deploy/kubernetes/base");
        var (file, settings) = (rendered.The<V1ConfigMap>("redis"), rendered.The<V1ConfigMap>("silo"));
        Assert.Equal(await File.ReadAllTextAsync(Repository.At("deploy/redis/redis.conf")), file.Data["redis.conf"]);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["FF_REDIS"] = "redis:6379",
                ["FF_KUBERNETES"] = "true",
                ["FF_DEVICES"] = "cpu",
                ["FF_CHECKPOINTS_SHARED"] = "false",
            },
            settings.Data
        );
        Assert.Contains(rendered.The<V1StatefulSet>("redis").Spec.Template.Spec.Volumes, v => v.ConfigMap?.Name == file.Name());
        Assert.Equal(settings.Name(), Assert.Single(Container(rendered).EnvFrom).ConfigMapRef.Name);
        Assert.All(
            rendered.All<IKubernetesObject<V1ObjectMeta>>().Where(o => o is not V1Namespace),
            o => Assert.Equal("forwardforward", o.Namespace())
        );
    }

    [InstalledFact("kubectl")]
    public async Task The_overlay_gives_every_silo_a_gpu()
    {
        var rendered = await Manifests.Rendered("deploy/kubernetes/overlays/gpu");
        var container = Container(rendered);
        Assert.Equal("1", container.Resources.Limits["nvidia.com/gpu"].ToString());
        Assert.Equal("forwardforward:cuda", container.Image);
        Assert.Equal("cuda:0", rendered.The<V1ConfigMap>("silo").Data["FF_DEVICES"]);
        Assert.Equal("redis:6379", rendered.The<V1ConfigMap>("silo").Data["FF_REDIS"]);
    }

    [InstalledFact("kubectl")]
    public async Task The_overlay_gives_every_silo_the_plug_ins_of_a_config_map()
    {
        var rendered = await Manifests.Rendered("deploy/kubernetes/overlays/plugins");
        var volumes = rendered.The<V1StatefulSet>("silo").Spec.Template.Spec.Volumes;
        var folder = Container(rendered)
            .VolumeMounts.Single(mount => mount.Name == volumes.Single(v => v.ConfigMap?.Name == "plugins").Name)
            .MountPath;
        Assert.Equal($"{folder}/OwnParts.dll", rendered.The<V1ConfigMap>("silo").Data["FF_PLUGINS"]);
        Assert.Equal("redis:6379", rendered.The<V1ConfigMap>("silo").Data["FF_REDIS"]);
        Assert.Equal(["certs", "plugins", "tmp"], volumes.Select(v => v.Name).Order(StringComparer.Ordinal));
    }

    private static string App(V1NetworkPolicyPeer peer) =>
        peer.PodSelector.MatchLabels.TryGetValue("app", out var app) ? app : peer.PodSelector.MatchLabels["app.kubernetes.io/name"];

    private static bool Selects(V1Service service, V1StatefulSet set) => service.Spec.Selector.All(set.Spec.Template.Labels().Contains);

    private static V1Container Container(Manifests manifests) =>
        Assert.Single(manifests.The<V1StatefulSet>("silo").Spec.Template.Spec.Containers);
}
