namespace Hermes.Core.Configuration;

/// <summary>Which keys of <c>config.yaml</c> may be shown, and as what: the list in <c>known_keys.txt</c>, and what the owner added.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
internal sealed class KnownKeys
{
    private const string AnyName = "*";
    private const string Element = "[]";
    private readonly Node _root = new();

    /// <summary>The list with further keys, as <c>display.theme.*</c>, whose values are shown whatever their type.</summary>
    public KnownKeys(IEnumerable<string> shownKeys)
    {
        // Embedded by the project file.
        using var reader = new StreamReader(typeof(KnownKeys).Assembly.GetManifestResourceStream("known_keys.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is [not ['#', ..] and var path, var type])
                Add(type == "list" ? $"{path}.{Element}" : path, type is "str" or "list" ? KeyType.Name : Enum.Parse<KeyType>(type, ignoreCase: true));
        }

        foreach (var path in shownKeys)
            Add(path.Trim(), KeyType.Any);
    }

    public Place Root => new([_root]);

    /// <summary>Whether a path can be added: names, <c>*</c> and <c>[]</c> with dots between.</summary>
    public static bool IsPath(string path) =>
        path.Trim().Split('.').All(name => name.Length > 0 && name == name.Trim() && (name is AnyName or Element || !name.AsSpan().ContainsAny("*[]")));

    // What the list says of a path stays when the owner names it too.
    private void Add(string path, KeyType type)
    {
        var node = path.Split('.').Aggregate(_root, (parent, name) =>
            parent.Children.TryGetValue(name, out var child) ? child : parent.Children[name] = new Node());
        node.Type = node.Type is KeyType.Unknown ? type : node.Type;
    }

    /// <summary>Where a value stands, as far as the list knows the place: at more than one node where both a name and <c>*</c> lead there.</summary>
    internal sealed class Place(Node[] nodes)
    {
        public KeyType Type => Array.Find(nodes, node => node.Type is not KeyType.Unknown)?.Type ?? KeyType.Unknown;
        public bool HasKeys => Array.Exists(nodes, node => node.Children.Count > 0);

        /// <summary>Whether the list has a key by its own name, not by <c>*</c>.</summary>
        public bool Names(string key) => key is not (AnyName or Element) && Array.Exists(nodes, node => node.Children.ContainsKey(key));
        /// <summary>The place of a key's value.</summary>
        public Place Of(string key) => key is AnyName or Element ? Below(AnyName) : Below(key, AnyName);
        public Place OfElements() => Below(Element);

        private Place Below(params IEnumerable<string> names) =>
            new([.. names.SelectMany(name => nodes.Select(node => node.Children.GetValueOrDefault(name))).OfType<Node>()]);
    }

    internal sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);
        public KeyType Type { get; set; }
    }

    /// <summary>What a key's value has to be so that it may be shown. Booleans may be shown everywhere, also under keys that nobody knows.</summary>
    /// <remarks>A Name is short; an Id is a public name that may look random; a Text is free; Any is what the owner wants to be shown.</remarks>
    internal enum KeyType { Unknown, Bool, Int, Float, Name, Id, Url, Text, Any }
}
