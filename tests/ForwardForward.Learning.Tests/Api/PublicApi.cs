using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ForwardForward.Learning.Tests.Api;

/// <summary>What a stranger sees of an assembly: a line for each public type and each of its public and protected members.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Lines)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = $"{type.Namespace}.{CSharpName.Of(type)}";
        var members = type.GetMembers(Declared).Where(IsOurs).Select(Line).OfType<string>().Order(StringComparer.Ordinal);
        return members.Prepend(Header(type)).Select(line => $"{name}: {line}");
    }

    private static string Header(Type type)
    {
        var isRecord = type.GetMethod("PrintMembers", Declared) is not null;
        var bases = type.GetInterfaces()
            .Except(type.BaseType?.GetInterfaces() ?? [])
            .Where(one => one.IsPublic && !(isRecord && one.Name == "IEquatable`1"))
            .Select(one => CSharpName.Of(one))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
        {
            bases.Insert(0, CSharpName.Of(parent));
        }

        var kind = Kind(type, isRecord ? "record" : "class", isRecord ? "record struct" : "struct");
        return bases.Count == 0 ? kind : $"{kind} : {string.Join(", ", bases)}";
    }

    private static string Kind(Type type, string reference, string value) =>
        type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } =>
                $"{(type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}{value}",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => $"abstract {reference}",
            { IsSealed: true } => $"sealed {reference}",
            _ => reference,
        };

    // What a record has by itself is no word of ours; an accessor or an operator is told of by what it belongs to.
    private static bool IsOurs(MemberInfo member) =>
        member is not Type && (member is PropertyInfo or FieldInfo || !member.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static string? Line(MemberInfo member) =>
        member switch
        {
            ConstructorInfo made when IsVisible(made) => $"{Access(made)}new({Parameters(made)})",
            MethodInfo { IsSpecialName: false } method when IsVisible(method) =>
                $"{Access(method)}{CSharpName.Of(method.ReturnParameter)} {method.Name}({Parameters(method)})",
            PropertyInfo property when Accessors(property) is { Length: > 0 } accessors =>
                $"{Access(property.GetMethod ?? property.SetMethod!)}{CSharpName.Of(property)} {property.Name} {{ {accessors} }}",
            FieldInfo { IsLiteral: true, DeclaringType.IsEnum: true } value => $"{value.Name} = {Number(value)}",
            FieldInfo { IsLiteral: true, IsPublic: true } value =>
                $"const {CSharpName.Of(value)} {value.Name} = {Shown(value.GetRawConstantValue())}",
            FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily =>
                $"{(field.IsFamily ? "protected " : "")}{(field.IsStatic ? "static " : "")}{CSharpName.Of(field)} {field.Name}",
            _ => null,
        };

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ")
        + (method.IsStatic ? "static " : "")
        + (
            method.DeclaringType!.IsInterface || !method.IsVirtual || method is not MethodInfo one ? ""
            : one.GetBaseDefinition() != one ? "override "
            : one.IsAbstract ? "abstract "
            : one.IsFinal ? ""
            : "virtual "
        );

    private static string Accessors(PropertyInfo property)
    {
        var initOnly = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string?[] accessors =
        [
            IsVisible(property.GetMethod) ? "get;" : null,
            IsVisible(property.SetMethod) ? (initOnly ? "init;" : "set;") : null,
        ];
        return string.Join(" ", accessors.OfType<string>());
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var how =
            !parameter.ParameterType.IsByRef ? ""
            : parameter.IsOut ? "out "
            : parameter.IsIn ? "in "
            : "ref ";
        var otherwise = parameter.HasDefaultValue ? $" = {Shown(parameter.RawDefaultValue)}" : "";
        return $"{how}{CSharpName.Of(parameter)} {parameter.Name}{otherwise}";
    }

    private static string Number(FieldInfo value) => Convert.ToString(value.GetRawConstantValue(), CultureInfo.InvariantCulture)!;

    private static string Shown(object? constant) =>
        constant switch
        {
            null => "default",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(constant, CultureInfo.InvariantCulture)!,
        };
}
