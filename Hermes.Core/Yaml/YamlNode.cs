using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlNodeType = YamlDotNet.RepresentationModel.YamlNodeType;

namespace Hermes.Core.Yaml;

/// <summary>What stands at a place of a document, and what it means.</summary>
/// <remarks>The places are for a change of one value that leaves every other character of the text as it is.</remarks>
internal sealed class YamlNode(YamlNodeType kind, string tag, Mark start)
{
    // Null until it was constructed, which may come to null.
    private StrongBox<object?>? _value;

    public YamlNodeType Kind => kind;
    /// <summary>The resolved tag; of an alias, that of the node it names.</summary>
    public string Tag => tag;
    /// <summary>The index of its first character, anchor and tag included.</summary>
    public int Start => (int)start.Index;
    /// <summary>The index behind its last character; of a block collection or text, behind what is not white space.</summary>
    public int End { get; set; }
    /// <summary>How many characters stand before it in its line.</summary>
    public int Indentation => (int)start.Column - 1;
    /// <summary>Whether it is a collection in [ ] or { }.</summary>
    public bool IsFlow { get; init; }
    /// <summary>A scalar's text without quotes and escapes; else empty.</summary>
    public string Text { get; init; } = "";
    /// <summary>The node that an alias names; null for any other.</summary>
    public YamlNode? Target { get; init; }
    /// <summary>A mapping's entries as written; else empty.</summary>
    public List<(YamlNode Key, YamlNode Value)> Entries { get; } = [];
    /// <summary>A list's items; else empty.</summary>
    public List<YamlNode> Items { get; } = [];
    /// <summary>How many nodes this one is, with itself and all that aliases stand for; and so its characters of text, and levels.</summary>
    public long Size { get; private set; } = 1;
    public long Length { get; private set; }
    public int Depth { get; private set; } = 1;

    /// <summary>The value, see <see cref="YamlLoader.Load"/>; the same object each time, and for each alias.</summary>
    public object? Value => (_value ??= new(kind switch
    {
        YamlNodeType.Alias => Target!.Value,
        YamlNodeType.Scalar => YamlTags.Construct(this),
        YamlNodeType.Sequence => ConstructSequence(),
        _ => ConstructMapping(),
    })).Value;

    /// <summary>The value of a key as the loader takes it: of a repeated key the last one. Null where the key is not written here.</summary>
    public YamlNode? Find(string key) => Entries.LastOrDefault(entry => entry.Key.Kind is YamlNodeType.Scalar && entry.Key.Text == key).Value;

    /// <summary>Counts that, once the node is whole.</summary>
    public void Measure()
    {
        Length = Text.Length;
        foreach (var child in Items.Concat(Entries.SelectMany(entry => (YamlNode[])[entry.Key, entry.Value])))
        {
            var counted = child.Target ?? child;
            Size += counted.Size;
            Length += counted.Length;
            Depth = Math.Max(Depth, counted.Depth + 1);
        }
    }

    public YamlLoadException Error(string problem) => new(start, problem);

    private List<object?> ConstructSequence() => tag switch
    {
        YamlTags.Sequence => Items.ConvertAll(item => item.Value),
        YamlTags.OrderedMapping or YamlTags.Pairs => Items.ConvertAll<object?>(item => (item.Target ?? item).Entries is [var (key, value)]
            ? new List<object?> { key.Value, value.Value }
            : throw item.Error("an ordered mapping is a list of mappings with one entry each")),
        _ => throw Error("a list has a tag that is unknown or not meant for lists"),
    };

    private object ConstructMapping()
    {
        if (tag is not (YamlTags.Mapping or YamlTags.Set)) throw Error("a mapping has a tag that is unknown or not meant for mappings");

        // What `<<` brings stands before the mapping's own entries, which so override it.
        var merged = Entries.Where(entry => entry.Key.Tag == YamlTags.Merge).SelectMany(entry => EntriesToMerge(entry.Value));
        var own = Entries.Where(entry => entry.Key.Tag != YamlTags.Merge).Select(entry => (ConstructKey(entry.Key), entry.Value.Value));
        var mapping = new YamlMapping(merged.Concat(own));
        return tag == YamlTags.Set ? mapping.Entries.Select(entry => entry.Key).ToHashSet() : mapping;
    }

    private static object? ConstructKey(YamlNode node) => node.Value is not (YamlMapping or List<object?> or HashSet<object?>) and var key
        ? key
        : throw node.Error("a mapping or a list cannot be a key");

    // Of a list, its first mapping wins.
    private static IEnumerable<(object? Key, object? Value)> EntriesToMerge(YamlNode source) => source.Value switch
    {
        YamlMapping mapping => mapping.Entries,
        HashSet<object?> set => set.Select(key => (key, (object?)null)),
        List<object?> when (source.Target ?? source).Items is var items && items.TrueForAll(item => item.Value is YamlMapping or HashSet<object?>) =>
            Enumerable.Reverse(items).SelectMany(EntriesToMerge),
        _ => throw source.Error("only a mapping or a list of mappings can be merged with <<"),
    };
}
