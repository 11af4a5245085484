namespace ForwardForward.Learning.Plugins;

/// <summary>
/// What an assembly adds to the algorithm. A public class with this interface and a constructor without parameters is made once, when the
/// assembly is loaded (<c>--plugin my.dll</c>, <c>FF_PLUGINS</c>).
/// </summary>
public interface IPlugin
{
    /// <summary>Adds to the registries of <see cref="Seams"/>, and presets (<see cref="Specs.Presets.Add"/>).</summary>
    void Register();
}
