namespace Hermes.Core.Configuration;

/// <summary>Which keys of <c>config.yaml</c> may be shown, and as what: the list in <c>known_keys.txt</c>, and what the owner added.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
internal sealed class KnownKeys
{
    private const string AnyName = "*";
    private const string Element = "[]";

    private readonly Node _root = new();

    /// <summary>The list with further keys.</summary>
    /// <param name="shownKeys">Paths as <c>display.theme.*</c>; their values are shown whatever their type.</param>
    public KnownKeys(IEnumerable<string> shownKeys)
    {
        using var stream = typeof(KnownKeys).Assembly.GetManifestResourceStream("known_keys.txt")
            ?? throw new InvalidOperationException("The assembly was built without known_keys.txt.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is [not ['#', ..] and var path, var type])
                Add(type == "list" ? $"{path}.{Element}" : path, TypeOf(type));
        }

        foreach (var path in shownKeys)
            Add(path.Trim(), KeyType.Any);
    }

    /// <summary>The list as it is.</summary>
    public static KnownKeys Default { get; } = new([]);

    /// <summary>The place above all keys.</summary>
    public Place Root => new([_root]);

    /// <summary>Whether a path can be added: names, <c>*</c> and <c>[]</c> with dots between.</summary>
    public static bool IsPath(string path) =>
        path.Trim().Split('.').All(name => name.Length > 0 && name == name.Trim() && (name is AnyName or Element || !name.AsSpan().ContainsAny("*[]")));

    private static KeyType TypeOf(string type) => type switch
    {
        "bool" => KeyType.Bool,
        "int" => KeyType.Int,
        "float" => KeyType.Float,
        "str" or "list" => KeyType.Name,
        "id" => KeyType.Id,
        "url" => KeyType.Url,
        "text" => KeyType.Text,
        _ => throw new InvalidOperationException($"known_keys.txt has the unknown type '{type}'."),
    };

    // What the list says of a path stays when the owner names it too.
    private void Add(string path, KeyType type)
    {
        var node = path.Split('.').Aggregate(_root, (parent, name) =>
            parent.Children.TryGetValue(name, out var child) ? child : parent.Children[name] = new Node());
        node.Type = node.Type is KeyType.Unknown ? type : node.Type;
    }

    /// <summary>Where a value stands, as far as the list knows the place.</summary>
    public readonly struct Place
    {
        // More than one where both a name and * lead there.
        private readonly Node[] _nodes;

        internal Place(Node[] nodes) => _nodes = nodes;

        /// <summary>What may be shown there.</summary>
        public KeyType Type => Array.Find(_nodes, node => node.Type is not KeyType.Unknown)?.Type ?? KeyType.Unknown;

        /// <summary>Whether keys are known below it.</summary>
        public bool HasKeys => Array.Exists(_nodes, node => node.Children.Count > 0);

        /// <summary>Whether the list has a key by its own name, not by <c>*</c>.</summary>
        public bool Names(string key) => key is not (AnyName or Element) && Array.Exists(_nodes, node => node.Children.ContainsKey(key));

        /// <summary>The place of a key's value.</summary>
        public Place Of(string key) => key is AnyName or Element ? Below(AnyName) : Below(key, AnyName);

        /// <summary>The place of a list's elements.</summary>
        public Place OfElements() => Below(Element);

        private Place Below(params ReadOnlySpan<string> names)
        {
            var found = new List<Node>();
            foreach (var name in names)
            {
                foreach (var node in _nodes)
                {
                    if (node.Children.TryGetValue(name, out var child))
                        found.Add(child);
                }
            }

            return new Place([.. found]);
        }
    }

    internal sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public KeyType Type { get; set; }
    }
}

/// <summary>What a key's value has to be so that it may be shown. Booleans may be shown everywhere.</summary>
internal enum KeyType
{
    /// <summary>Nobody knows the key: nothing but a boolean.</summary>
    Unknown,

    /// <summary>A boolean.</summary>
    Bool,

    /// <summary>A whole number of 64 bits.</summary>
    Int,

    /// <summary>A number.</summary>
    Float,

    /// <summary>A short name.</summary>
    Name,

    /// <summary>A public name that may look random.</summary>
    Id,

    /// <summary>An address.</summary>
    Url,

    /// <summary>Free text.</summary>
    Text,

    /// <summary>What the owner of the file wants to be shown.</summary>
    Any,
}
