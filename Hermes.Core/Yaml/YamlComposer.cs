using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hermes.Core.Yaml;

/// <summary>Turns a text into nodes: resolves tags and aliases and keeps the size of the whole within bounds.</summary>
internal sealed class YamlComposer(Parser parser)
{
    // Deeper than any configuration, and shallow enough for a recursive walk on any thread's stack.
    public const int MaxDepth = 200;

    // A file of a few hundred bytes can name billions of nodes by aliases of aliases.
    private const int MaxNodesByAlias = 100_000;

    // One long text and some thousand aliases of it would be hundreds of megabytes to everybody who writes them out.
    private const int MaxTextByAlias = 4_000_000;

    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);
    private long _nodesByAlias;
    private long _textByAlias;

    /// <summary>Reads the only document; null where there is none.</summary>
    public YamlNode? Compose()
    {
        Next<StreamStart>();
        if (parser.Current is StreamEnd)
        {
            return null;
        }

        Next<DocumentStart>();
        var root = ComposeNode(depth: 1);
        Next<DocumentEnd>();
        if (parser.Current is not StreamEnd)
        {
            throw Error(parser.Current!.Start, "a second document begins; only one is allowed");
        }

        return root;
    }

    private YamlNode ComposeNode(int depth)
    {
        if (parser.Current is AnchorAlias alias)
        {
            parser.MoveNext();
            return Resolve(alias, depth);
        }

        if (parser.Current is not NodeEvent start)
        {
            throw Error(parser.Current!.Start, YamlProblem.Unknown);
        }

        if (depth > MaxDepth)
        {
            throw Error(start.Start, $"more than {MaxDepth} levels of nesting");
        }

        // Known from here, usable only once complete: an alias inside its own node would never end.
        var anchor = start.Anchor.IsEmpty ? null : start.Anchor.Value;
        if (anchor is not null && !_anchors.TryAdd(anchor, null))
        {
            throw Error(start.Start, "an anchor has the name of one before it");
        }

        var tag = start.Tag.IsEmpty ? null : start.Tag.Value;
        YamlNode node = start switch
        {
            Scalar scalar => ComposeScalar(scalar, tag),
            SequenceStart => ComposeSequence(tag, start.Start, depth),
            _ => ComposeMapping(tag, start.Start, depth),
        };
        if (anchor is not null)
        {
            _anchors[anchor] = node;
        }

        return node;
    }

    private YamlScalarNode ComposeScalar(Scalar scalar, string? tag)
    {
        parser.MoveNext();
        tag = tag switch
        {
            "!" => YamlScalars.ResolveTag(scalar.Value),
            null => scalar.Style == ScalarStyle.Plain ? YamlScalars.ResolveTag(scalar.Value) : YamlTags.String,
            _ => tag,
        };
        return new YamlScalarNode(tag, scalar.Start, scalar.Value);
    }

    private YamlSequenceNode ComposeSequence(string? tag, Mark start, int depth)
    {
        parser.MoveNext();
        var sequence = new YamlSequenceNode(tag is null or "!" ? YamlTags.Sequence : tag, start);
        while (parser.Current is not SequenceEnd)
        {
            sequence.Add(ComposeNode(depth + 1));
        }

        parser.MoveNext();
        return sequence;
    }

    private YamlMappingNode ComposeMapping(string? tag, Mark start, int depth)
    {
        parser.MoveNext();
        var mapping = new YamlMappingNode(tag is null or "!" ? YamlTags.Mapping : tag, start);
        while (parser.Current is not MappingEnd)
        {
            var key = ComposeNode(depth + 1);
            mapping.Add(key, ComposeNode(depth + 1));
        }

        parser.MoveNext();
        return mapping;
    }

    private YamlNode Resolve(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            throw Error(alias.Start, "an alias names an anchor that does not stand before it");
        }

        if (node is null)
        {
            throw Error(alias.Start, "an alias stands inside the node that it names");
        }

        _nodesByAlias += node.Size;
        if (_nodesByAlias > MaxNodesByAlias)
        {
            throw Error(alias.Start, $"aliases stand for more than {MaxNodesByAlias} nodes");
        }

        _textByAlias += node.Length;
        if (_textByAlias > MaxTextByAlias)
        {
            throw Error(alias.Start, $"aliases stand for more than {MaxTextByAlias} characters");
        }

        if (depth + node.Depth - 1 > MaxDepth)
        {
            throw Error(alias.Start, $"more than {MaxDepth} levels of nesting");
        }

        return node;
    }

    // Leaves the event after the expected one as the current one.
    private void Next<T>()
        where T : ParsingEvent
    {
        if (parser.Current is null)
        {
            parser.MoveNext();
        }

        if (parser.Current is not T)
        {
            throw Error(parser.Current!.Start, YamlProblem.Unknown);
        }

        parser.MoveNext();
    }

    private static YamlLoadException Error(Mark at, string problem) => new((int)at.Line, (int)at.Column, problem);
}
