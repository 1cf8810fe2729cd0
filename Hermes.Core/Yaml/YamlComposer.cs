using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hermes.Core.Yaml;

/// <summary>Turns a text into nodes: resolves tags and aliases and keeps the size of the whole within bounds.</summary>
/// <param name="parser">The text's events.</param>
/// <param name="text">The text.</param>
/// <param name="locate">The index, line and column of an event's mark in the text.</param>
internal sealed class YamlComposer(Parser parser, string text, Func<Mark, (int Index, int Line, int Column)> locate)
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
        parser.MoveNext();
        Next<StreamStart>();
        if (parser.Current is StreamEnd)
            return null;

        Next<DocumentStart>();
        var root = ComposeNode(depth: 1);
        Next<DocumentEnd>();
        return parser.Current is StreamEnd ? root : throw Error("a second document begins; only one is allowed");
    }

    private YamlNode ComposeNode(int depth)
    {
        if (parser.Current is AnchorAlias alias)
            return ComposeAlias(alias, depth);

        if (parser.Current is not NodeEvent start)
            throw Error(YamlProblem.Unknown);

        if (depth > MaxDepth)
            throw Error($"more than {MaxDepth} levels of nesting");

        // Known from here, usable only once complete: an alias inside its own node would never end.
        var anchor = start.Anchor.IsEmpty ? null : start.Anchor.Value;
        if (anchor is not null && !_anchors.TryAdd(anchor, null))
            throw Error("an anchor has the name of one before it");

        parser.MoveNext();
        var tag = start.Tag.IsEmpty ? null : start.Tag.Value;
        var node = start switch
        {
            Scalar scalar => ComposeScalar(scalar, tag),
            SequenceStart sequence => ComposeSequence(sequence, tag, depth),
            _ => ComposeMapping((MappingStart)start, tag, depth),
        };
        node.Measure();
        if (anchor is not null)
            _anchors[anchor] = node;

        return node;
    }

    private YamlNode ComposeScalar(Scalar scalar, string? tag)
    {
        tag = tag is "!" || (tag is null && scalar.Style == ScalarStyle.Plain) ? YamlScalars.ResolveTag(scalar.Value) : tag ?? YamlTags.String;
        return End(new YamlNode(YamlNodeKind.Scalar, tag, locate(scalar.Start)) { Text = scalar.Value }, locate(scalar.End).Index);
    }

    private YamlNode ComposeSequence(SequenceStart start, string? tag, int depth)
    {
        var sequence = new YamlNode(YamlNodeKind.Sequence, tag is null or "!" ? YamlTags.Sequence : tag, locate(start.Start))
        {
            IsFlow = start.Style is SequenceStyle.Flow,
        };
        while (parser.Current is not SequenceEnd)
            sequence.Items.Add(ComposeNode(depth + 1));

        return EndCollection(sequence, sequence.Items.LastOrDefault());
    }

    private YamlNode ComposeMapping(MappingStart start, string? tag, int depth)
    {
        var mapping = new YamlNode(YamlNodeKind.Mapping, tag is null or "!" ? YamlTags.Mapping : tag, locate(start.Start))
        {
            IsFlow = start.Style is MappingStyle.Flow,
        };
        while (parser.Current is not MappingEnd)
        {
            var key = ComposeNode(depth + 1);
            mapping.Entries.Add((key, ComposeNode(depth + 1)));
        }

        return EndCollection(mapping, mapping.Entries.LastOrDefault().Value);
    }

    private YamlNode ComposeAlias(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
            throw Error("an alias names an anchor that does not stand before it");

        if (target is null)
            throw Error("an alias stands inside the node that it names");

        _nodesByAlias += target.Size;
        _textByAlias += target.Length;
        var problem = _nodesByAlias > MaxNodesByAlias ? $"aliases stand for more than {MaxNodesByAlias} nodes"
            : _textByAlias > MaxTextByAlias ? $"aliases stand for more than {MaxTextByAlias} characters"
            : depth + target.Depth - 1 > MaxDepth ? $"more than {MaxDepth} levels of nesting"
            : null;
        if (problem is not null)
            throw Error(problem);

        parser.MoveNext();
        return End(new YamlNode(YamlNodeKind.Alias, target.Tag, locate(alias.Start)) { Target = target }, locate(alias.End).Index);
    }

    // The parser sees the end of a block only where the next thing begins, behind comments that do not belong to it.
    private YamlNode EndCollection(YamlNode node, YamlNode? last)
    {
        var end = node.IsFlow ? locate(parser.Current!.Start).Index + 1 : last?.End ?? node.Start;
        parser.MoveNext();
        return End(node, end);
    }

    private YamlNode End(YamlNode node, int end)
    {
        while (end > node.Start && char.IsWhiteSpace(text[end - 1]))
            end--;

        node.End = end;
        return node;
    }

    // Leaves the event after the expected one as the current one.
    private void Next<T>()
        where T : ParsingEvent
    {
        if (parser.Current is not T)
            throw Error(YamlProblem.Unknown);

        parser.MoveNext();
    }

    private YamlLoadException Error(string problem)
    {
        var (_, line, column) = locate(parser.Current!.Start);
        return new(line, column, problem);
    }
}
