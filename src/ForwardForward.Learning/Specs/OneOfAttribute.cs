namespace ForwardForward.Learning.Specs;

/// <summary>A field that takes one of these names and no other.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names => names;
}
