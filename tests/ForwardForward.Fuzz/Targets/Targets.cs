namespace ForwardForward.Fuzz.Targets;

/// <summary>Every decoder that takes bytes of strangers.</summary>
internal static class Targets
{
    private static readonly Dictionary<string, Func<ITarget>> Makers = new()
    {
        ["idx"] = () => new IdxTarget(),
        ["safetensors"] = () => new SafetensorsTarget(),
        ["manifest"] = () => new ManifestTarget(),
        ["spec"] = () => new SpecTarget(),
        ["picture"] = () => new PictureTarget(),
        ["slot"] = () => new SlotTarget(),
        ["token"] = () => new CallTokenTarget(),
        ["api"] = () => new RunApiTarget(),
        ["lessons"] = () => new LessonTarget(),
    };

    public static IEnumerable<string> Names => Makers.Keys;

    public static ITarget Named(string name) =>
        Makers.TryGetValue(name, out var make)
            ? make()
            : throw new ArgumentException($"There is no target '{name}', expected one of {string.Join(", ", Names)}.");

    public static void WriteSeeds(string folder)
    {
        foreach (var name in Names)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            foreach (var (seed, i) in Named(name).Seeds.Select((seed, i) => (seed, i)))
            {
                File.WriteAllBytes(Path.Combine(own, $"{i}"), seed);
            }
        }
    }
}
