using System.Reflection;
using System.Reflection.Emit;

namespace Hermes.Core.Tests.Architecture;

/// <summary>The one way in: Http → Chat, Changes → Sessions, Memory, Skills, Configuration → Yaml, Text, IO, Diagnostics. Hosting knows all, nobody knows it.</summary>
public class NamespaceRulesTests
{
    private const string Root = "Hermes.Core";
    private const string Hosting = "Hosting";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = [],
        ["IO"] = [],
        ["Text"] = [],
        ["Diagnostics"] = [],
        ["Yaml"] = ["Diagnostics"],
        ["Configuration"] = ["", "Yaml", "IO", "Text", "Diagnostics"],
        ["Sessions"] = ["", "Diagnostics"],
        ["Sessions.Search"] = [],
        ["Sessions.Sqlite"] = ["", "Sessions", "Sessions.Search", "IO", "Text", "Diagnostics"],
        ["Memory"] = ["", "Configuration", "Yaml", "IO", "Text", "Diagnostics"],
        ["Skills"] = ["", "Configuration", "Yaml", "IO", "Text", "Diagnostics"],
        ["Changes"] = ["", "Sessions", "Memory", "Skills", "Configuration", "Yaml", "IO", "Text", "Diagnostics"],
        ["Chat"] = ["", "Sessions", "Text", "Diagnostics"],
        ["Http"] = [],
        ["Http.Wire"] = ["", "Http", "Sessions", "Memory", "Skills", "Configuration", "Text"],
        ["Http.Caching"] = ["Http.Wire", "Sessions"],
        ["Http.Security"] = ["Http", "Http.Wire", "Diagnostics"],
        ["Http.OpenApi"] = ["Http.Wire", "Http.Security"],
        ["Http.OpenAI"] = ["Chat", "Sessions", "Http.Wire"],
        ["Http.Endpoints"] =
        [
            "", "Http", "Http.Wire", "Http.OpenAI", "Http.Caching", "Http.Security", "Http.OpenApi",
            "Chat", "Changes", "Sessions", "Memory", "Skills", "Configuration", "Text", "Diagnostics",
        ],
    };

    [Fact]
    public void EveryType_ReferencesAllowedNamespacesAlone()
    {
        var violations = Uses()
            .Where(use => use.From != Hosting && !(Allowed.TryGetValue(use.From, out var rooms) && rooms.Contains(use.To)))
            .Select(use => $"{use.Type.FullName} uses {use.Reference.FullName}")
            .Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.True(violations.Count == 0, string.Join("\n", violations));
    }

    [Fact]
    public void Rooms_HaveNoCycle()
    {
        var uses = Uses().Where(use => use.From != Hosting).ToList();
        AssertNoCycle(uses.Select(use => (use.From, use.To)));

        // A room with those below it is one as well.
        AssertNoCycle(uses.Select(use => (From: use.From.Split('.')[0], To: use.To.Split('.')[0])).Where(use => use.From != use.To));
    }

    // Rooms are taken away for as long as there is one that uses no other.
    private static void AssertNoCycle(IEnumerable<(string From, string To)> uses)
    {
        var left = uses.ToHashSet();
        while (left.RemoveWhere(use => left.All(other => other.From != use.To)) > 0)
        {
        }

        Assert.Empty(left);
    }

    private static List<(string From, string To, Type Type, Type Reference)> Uses() =>
    [
        .. typeof(HermesHome).Assembly.GetTypes()
            .Where(type => type.Namespace is not null && !IsGenerated(type))
            .SelectMany(type => References(type).Select(reference => (From: Room(type), To: Room(reference), Type: type, Reference: reference)))
            .Where(use => use.From != use.To),
    ];

    // What the application sees as its own extensions is composition too.
    private static string Room(Type type) =>
        !type.Namespace!.StartsWith(Root, StringComparison.Ordinal) ? Hosting
        : type.Namespace.Length > Root.Length ? type.Namespace[(Root.Length + 1)..]
        : "";

    // Of the compiler's own generators, whose types are in namespaces that are not ours.
    private static bool IsGenerated(Type type) =>
        type.Namespace!.Contains(".Generated", StringComparison.Ordinal) || type.Namespace.StartsWith("System", StringComparison.Ordinal)
        || type.Namespace.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal);

    private static IEnumerable<Type> References(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var direct = type.GetInterfaces().Append(type.BaseType)
            .Concat(type.GetCustomAttributesData().Select(attribute => attribute.AttributeType))
            .Concat(type.GetFields(All).Select(field => field.FieldType))
            .Concat(type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(method =>
                method.GetParameters().Select(parameter => parameter.ParameterType)
                    .Append((method as MethodInfo)?.ReturnType)
                    .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])
                    .Concat(Operands(method))));
        return direct.OfType<Type>().SelectMany(Unwrap).Where(used => used.Assembly == type.Assembly && used.Namespace is not null && !IsGenerated(used));
    }

    // Every type, method and field that an instruction of the method names.
    private static IEnumerable<Type?> Operands(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var index = 0; index < il.Length;)
        {
            var code = il[index] == 0xFE ? (short)(0xFE00 | il[index + 1]) : il[index];
            var instruction = Instructions[code];
            index += instruction.Size;
            if (instruction.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(il, index), typeArguments, methodArguments);
                yield return member as Type ?? member?.DeclaringType;
                foreach (var argument in member is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : [])
                    yield return argument;
            }

            index += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, index)),
                _ => 4,
            };
        }
    }

    private static readonly Dictionary<short, OpCode> Instructions = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private static IEnumerable<Type> Unwrap(Type type) =>
        type.HasElementType ? Unwrap(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Unwrap).Append(type.GetGenericTypeDefinition())
        : [type];
}
