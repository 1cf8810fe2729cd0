using System.Reflection;

namespace Hermes.Core.Tests.Architecture;

/// <summary>The one way in: Http → Chat → Sessions, Memory, Skills, Configuration → Yaml, Text, IO, Diagnostics. Hosting knows all, nobody knows it.</summary>
public class NamespaceRulesTests
{
    private const string Root = "Hermes.Core";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = [],
        ["IO"] = [],
        ["Text"] = [],
        ["Diagnostics"] = [],
        ["Yaml"] = ["Diagnostics"],
        ["Configuration"] = ["", "Yaml", "IO", "Text", "Diagnostics"],
        ["Sessions"] = ["", "Diagnostics"],
        ["Sessions.Sqlite"] = ["", "Sessions", "IO", "Text", "Diagnostics"],
        ["Memory"] = ["", "Configuration", "Yaml", "IO", "Text", "Diagnostics"],
        ["Skills"] = ["", "Configuration", "Yaml", "IO", "Text", "Diagnostics"],
        ["Changes"] = ["", "Sessions", "Memory", "Skills", "Configuration", "Yaml", "IO", "Text", "Diagnostics"],
        ["Chat"] = ["", "Sessions", "Text", "Diagnostics"],
        ["Chat.Providers"] = ["Chat", "Text"],
        ["Testing"] = ["", "Chat"],
    };

    [Fact]
    public void EveryType_ReferencesAllowedNamespacesAlone()
    {
        var violations = typeof(HermesHome).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) is true)
            .SelectMany(type => References(type).Select(reference => (From: Room(type), To: Room(reference), Type: type, Reference: reference)))
            .Where(use => use.From != use.To && !IsAllowed(use.From, use.To))
            .Select(use => $"{use.Type.FullName} uses {use.Reference.FullName}")
            .Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.True(violations.Count == 0, string.Join("\n", violations));
    }

    private static bool IsAllowed(string from, string to) =>
        from == "Hosting"
        || (from.StartsWith("Http", StringComparison.Ordinal) && to != "Hosting" && to != "Sessions.Sqlite")
        || (Allowed.TryGetValue(from, out var rooms) && rooms.Contains(to));

    private static string Room(Type type) => type.Namespace!.Length > Root.Length ? type.Namespace[(Root.Length + 1)..] : "";

    // Signatures and locals: what a method calls shows in one of them, but for static calls without a result.
    private static IEnumerable<Type> References(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var direct = type.GetInterfaces().Append(type.BaseType)
            .Concat(type.GetFields(All).Select(field => field.FieldType))
            .Concat(type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(method =>
                method.GetParameters().Select(parameter => parameter.ParameterType)
                    .Append((method as MethodInfo)?.ReturnType)
                    .Concat(Body(method))));
        return direct.OfType<Type>().SelectMany(Unwrap).Where(used => used.Assembly == type.Assembly && used.Namespace?.StartsWith(Root, StringComparison.Ordinal) is true);
    }

    private static IEnumerable<Type> Body(MethodBase method) =>
        method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType)
            .Concat(Calls(method)) ?? [];

    // Every call, field and type token of the method's IL, so that static calls count as well.
    private static IEnumerable<Type> Calls(MethodBase method)
    {
        var il = method.GetMethodBody()!.GetILAsByteArray()!;
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var index = 0; index + 4 < il.Length; index++)
        {
            // call, callvirt, newobj, ldftn's second byte, ldsfld: what only looks like one resolves to nothing or to a type that is used anyway.
            if (il[index] is 0x28 or 0x6F or 0x73 or 0x7E)
            {
                MemberInfo? member = null;
                try
                {
                    member = method.Module.ResolveMember(BitConverter.ToInt32(il, index + 1), typeArguments, methodArguments);
                }
                catch (Exception exception) when (exception is ArgumentException or BadImageFormatException)
                {
                    // No token.
                }

                if (member is MethodBase or FieldInfo && member.DeclaringType is { } declaring)
                {
                    yield return declaring;
                    index += 4;
                }
            }
        }
    }

    private static IEnumerable<Type> Unwrap(Type type) =>
        type.HasElementType ? Unwrap(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Unwrap).Append(type.GetGenericTypeDefinition())
        : [type];
}
