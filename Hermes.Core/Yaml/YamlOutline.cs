using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hermes.Core.Yaml;

/// <summary>Where a document's nodes stand in its text, for a change of one value that leaves every other character as it is.</summary>
/// <param name="Kind">What stands there.</param>
/// <param name="Start">The index of its first character, anchor and tag included.</param>
/// <param name="End">The index behind its last character; of a block collection or text, behind what is not white space.</param>
/// <param name="Indentation">How many characters stand before it in its line.</param>
/// <param name="IsFlow">Whether it is a collection in [ ] or { }.</param>
/// <param name="Text">A scalar's text without quotes and escapes; else empty.</param>
/// <param name="Entries">A mapping's entries as written; else empty.</param>
internal sealed record YamlOutline(
    YamlOutlineKind Kind, int Start, int End, int Indentation, bool IsFlow, string Text, IReadOnlyList<(YamlOutline Key, YamlOutline Value)> Entries)
{
    /// <summary>The outline of the one document's root.</summary>
    /// <param name="text">A text that <see cref="YamlLoader.Load"/> reads, without a byte order mark.</param>
    /// <returns>Null where the document has no node.</returns>
    /// <exception cref="YamlLoadException">The text is not YAML.</exception>
    public static YamlOutline? Read(string text)
    {
        YamlOutline? root = null;
        YamlLoader.Parse(text, (parser, indexOf) =>
        {
            parser.MoveNext();
            parser.MoveNext();
            if (parser.Current is not DocumentStart)
            {
                return root = null;
            }

            parser.MoveNext();
            return root = new Reader(parser, text, indexOf).ReadNode();
        });
        return root;
    }

    /// <summary>The value of a key as the loader takes it: of a repeated key the last one. Null where the key is not written here.</summary>
    public YamlOutline? Find(string key) =>
        Entries.LastOrDefault(entry => entry.Key.Kind is YamlOutlineKind.Scalar && entry.Key.Text == key).Value;

    private sealed class Reader(Parser parser, string text, Func<Mark, int> indexOf)
    {
        public YamlOutline ReadNode()
        {
            var at = parser.Current!;
            parser.MoveNext();
            switch (at)
            {
                case Scalar scalar:
                    return Create(YamlOutlineKind.Scalar, at, indexOf(at.End), scalar.Value);
                case MappingStart mapping:
                    var entries = new List<(YamlOutline Key, YamlOutline Value)>();
                    while (parser.Current is not MappingEnd)
                    {
                        var key = ReadNode();
                        entries.Add((key, ReadNode()));
                    }

                    return ReadEnd(at, YamlOutlineKind.Mapping, mapping.Style is MappingStyle.Flow, entries.LastOrDefault().Value) with { Entries = entries };
                case SequenceStart sequence:
                    YamlOutline? last = null;
                    while (parser.Current is not SequenceEnd)
                    {
                        last = ReadNode();
                    }

                    return ReadEnd(at, YamlOutlineKind.Sequence, sequence.Style is SequenceStyle.Flow, last);
                default:
                    return Create(YamlOutlineKind.Alias, at, indexOf(at.End));
            }
        }

        // The parser sees the end of a block only where the next thing begins, behind comments that do not belong to it.
        private YamlOutline ReadEnd(ParsingEvent start, YamlOutlineKind kind, bool isFlow, YamlOutline? last)
        {
            var end = isFlow ? indexOf(parser.Current!.Start) + 1 : last?.End ?? indexOf(start.Start);
            parser.MoveNext();
            return Create(kind, start, end) with { IsFlow = isFlow };
        }

        private YamlOutline Create(YamlOutlineKind kind, ParsingEvent at, int end, string value = "")
        {
            var start = indexOf(at.Start);
            while (end > start && char.IsWhiteSpace(text[end - 1]))
            {
                end--;
            }

            return new YamlOutline(kind, start, end, (int)at.Start.Column - 1, IsFlow: false, value, []);
        }
    }
}

/// <summary>What a place in a document holds.</summary>
internal enum YamlOutlineKind
{
    /// <summary>A text, with or without quotes, or nothing at all.</summary>
    Scalar,

    /// <summary>A mapping.</summary>
    Mapping,

    /// <summary>A list.</summary>
    Sequence,

    /// <summary>The name of a node that stands elsewhere.</summary>
    Alias,
}
