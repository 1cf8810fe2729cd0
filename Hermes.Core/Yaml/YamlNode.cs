using YamlDotNet.Core;

namespace Hermes.Core.Yaml;

/// <summary>A piece of a document with its tag, before it becomes a value. An alias is the very node that it names.</summary>
internal abstract class YamlNode(string tag, Mark start)
{
    /// <summary>The resolved tag, e.g. <c>tag:yaml.org,2002:str</c>.</summary>
    public string Tag { get; } = tag;

    /// <summary>How many nodes this one is, itself and aliases counted in full.</summary>
    public long Size { get; protected set; } = 1;

    /// <summary>How many characters of text it holds, aliases counted in full.</summary>
    public long Length { get; protected set; }

    /// <summary>How many levels this node is deep, aliases counted in full.</summary>
    public int Depth { get; protected set; } = 1;

    /// <summary>The value, once it is constructed.</summary>
    public object? Value { get; set; }

    /// <summary>Whether <see cref="Value"/> is there.</summary>
    public bool IsConstructed { get; set; }

    /// <summary>The error for this place.</summary>
    public YamlLoadException Error(string problem) => new((int)start.Line, (int)start.Column, problem);

    /// <summary>Counts a child in.</summary>
    protected void Grow(YamlNode child)
    {
        Size += child.Size;
        Length += child.Length;
        Depth = Math.Max(Depth, child.Depth + 1);
    }
}

/// <summary>A text, with or without quotes.</summary>
internal sealed class YamlScalarNode : YamlNode
{
    public YamlScalarNode(string tag, Mark start, string text)
        : base(tag, start)
    {
        Text = text;
        Length = text.Length;
    }

    /// <summary>The text as the parser unfolded and unescaped it.</summary>
    public string Text { get; }
}

/// <summary>A list.</summary>
internal sealed class YamlSequenceNode(string tag, Mark start) : YamlNode(tag, start)
{
    /// <summary>The items.</summary>
    public List<YamlNode> Items { get; } = [];

    /// <summary>Appends an item.</summary>
    public void Add(YamlNode item)
    {
        Items.Add(item);
        Grow(item);
    }
}

/// <summary>A mapping.</summary>
internal sealed class YamlMappingNode(string tag, Mark start) : YamlNode(tag, start)
{
    /// <summary>The entries as written; once flattened, what <c>&lt;&lt;</c> brings stands before them.</summary>
    public List<(YamlNode Key, YamlNode Value)> Entries { get; set; } = [];

    /// <summary>Appends an entry.</summary>
    public void Add(YamlNode key, YamlNode value)
    {
        Entries.Add((key, value));
        Grow(key);
        Grow(value);
    }
}
