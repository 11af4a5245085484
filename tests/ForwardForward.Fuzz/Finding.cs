namespace ForwardForward.Fuzz;

/// <summary>A decoder took what it should have refused, or refused what it gave out itself.</summary>
internal sealed class Finding(string what) : Exception(what)
{
    public static void Unless(bool condition, string what)
    {
        if (!condition)
        {
            throw new Finding(what);
        }
    }
}
