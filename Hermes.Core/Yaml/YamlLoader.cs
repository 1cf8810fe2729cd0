using System.Buffers;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Tokens = YamlDotNet.Core.Tokens;
using YamlNodeType = YamlDotNet.RepresentationModel.YamlNodeType;

namespace Hermes.Core.Yaml;

/// <summary>Reads YAML 1.1 as the reference does (PyYAML's safe_load).</summary>
/// <remarks>YamlDotNet's event parser splits the text; what the events mean is decided here: it reads scalars as YAML 1.2, and its object
/// graph needs reflection. Unlike for safe_load, a plain <c>=</c>, or a <c>&lt;&lt;</c> that is no merge key, is that string.</remarks>
internal static partial class YamlLoader
{
    // Each line costs one more reading of the text.
    private const int MaxRepairedLines = 100;
    // Deeper than any configuration, and shallow enough for a recursive walk on any thread's stack.
    private const int MaxDepth = 200;

    private const string UnknownProblem = "not valid YAML here";
    // The one that YamlDotNet does not place where it is.
    private const string Tab = "a tab cannot indent";

    // YamlDotNet's messages may quote tokens, so only the words it puts around them are compared.
    private static readonly (string Fragment, string Problem)[] Problems =
    [
        ("quoted scalar", "the quoted text is not closed or has a wrong escape"),
        ("flow sequence", "the list in [ ] is not closed, or lacks a comma"),
        ("flow mapping", "the mapping in { } is not closed, or lacks a comma"),
        ("block mapping", "the indentation does not fit the mapping around it, or a key lacks its colon"),
        ("block collection", "the indentation does not fit the list around it"),
        ("block sequence", "the indentation does not fit the list around it"),
        ("block scalar", "the header or indentation of the block text is wrong"),
        ("simple key", "a key is not followed by a colon"),
        ("mapping values", "a colon stands where no mapping can begin: quote the value"),
        (" tab", Tab),
        ("anchor", "an anchor or alias is not written right"),
        ("alias", "an anchor or alias is not written right"),
        ("directive", "a directive is not written right"),
        ("invalid mapping", "a colon stands where no mapping can begin: quote the value"),
        ("tag", "a tag is not written right"),
        ("document start", "text stands where a new document would begin"),
        ("cannot start any token", "a character cannot begin a value here: quote the value"),
    ];

    private static readonly string Indentation = new(' ', MaxDepth);
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\u0085\u2028\u2029");

    /// <summary>Reads the one document, null for an empty one. An anchored collection and its aliases are the same object: treat what is returned as immutable.</summary>
    /// <returns>null, bool, long, BigInteger, double, string, DateOnly, DateTime (no offset given), DateTimeOffset, byte[] (!!binary),
    /// <see cref="YamlMapping"/>, <see cref="List{T}"/> of object?, or <see cref="HashSet{T}"/> of object? (!!set).</returns>
    /// <exception cref="YamlLoadException">The text is not YAML that safe_load reads.</exception>
    public static object? Load(string text) => Compose(text)?.Value;

    /// <summary>Reads the nodes of the one document, with their places in the text, in which a byte order mark is not counted; null for an empty one.</summary>
    /// <exception cref="YamlLoadException">The text is not YAML.</exception>
    public static YamlNode? Compose(string text)
    {
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        if (Unprintable.Match(text) is { Success: true, Index: var index })
        {
            var before = text.AsSpan(0, index);
            var at = new Mark(index, 1 + LineBreak.Count(before), index - before.LastIndexOfAny('\r', '\n'));
            throw new YamlLoadException(at, "a control character is not allowed in YAML");
        }

        // PyYAML takes lines of a [ ], { } or " " that are indented no deeper than the mapping around it, YamlDotNet does
        // not. Blanks at the start of such a line mean nothing, so it is given some and read again.
        var repaired = text;
        var lines = new HashSet<int>();
        while (true)
        {
            var scanner = new Scanner(new StringReader(repaired));
            try
            {
                return new Composer(new Parser(new LookaheadScanner(scanner)), text, Locate).Compose();
            }
            catch (Exception exception) when (IsComplaintOfIndentation(exception)
                && lines.Count < MaxRepairedLines && lines.Add((int)scanner.CurrentPosition.Line))
            {
                repaired = repaired.Insert(StartOfLine(repaired, (int)scanner.CurrentPosition.Line), Indentation);
            }
            catch (YamlException exception)
            {
                var problem = Problems.FirstOrDefault(known => exception.Message.Contains(known.Fragment, StringComparison.OrdinalIgnoreCase)).Problem;
                throw new YamlLoadException(Locate(problem == Tab ? scanner.CurrentPosition : exception.Start), problem ?? UnknownProblem);
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
            {
                // What else YamlDotNet throws on bad text, such as an escape that names no character.
                throw new YamlLoadException(Locate(scanner.CurrentPosition), UnknownProblem);
            }
        }

        Mark Locate(Mark mark)
        {
            var (line, column) = ((int)Math.Max(1, mark.Line), Math.Max(1, mark.Column));
            var within = lines.Contains(line) ? Math.Min(column - 1, Indentation.Length) : 0;
            var before = lines.Count(repairedLine => repairedLine < line) * Indentation.Length;
            return new(mark.Index - before - within, line, column - within);
        }
    }

    private static bool IsComplaintOfIndentation(Exception exception) => exception is InvalidOperationException
        || (exception is YamlException && exception.Message.Contains("wrong indentation", StringComparison.Ordinal));

    private static int StartOfLine(string text, int line)
    {
        var start = 0;
        for (var current = 1; current < line; current++)
        {
            start += text.AsSpan(start).IndexOfAny(LineBreaks);
            start += text.AsSpan(start).StartsWith("\r\n") ? 2 : 1;
        }

        return start;
    }

    [GeneratedRegex(@"[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[^\t\n\r\u0085 -~\u00A0-\uFFFD]", RegexOptions.CultureInvariant)]
    private static partial Regex Unprintable { get; }
    [GeneratedRegex(@"\r\n|\r|\n", RegexOptions.CultureInvariant)]
    private static partial Regex LineBreak { get; }

    /// <summary>A scanner whose next token stays the next one however often it is asked for, until it is consumed.</summary>
    /// <remarks>Behind an anchored scalar the parser looks ahead twice: the scanner by itself would lose the comma in <c>{a: &amp;k v, b: 2}</c>.</remarks>
    private sealed class LookaheadScanner(Scanner inner) : IScanner
    {
        public Mark CurrentPosition => inner.CurrentPosition;
        public Tokens.Token? Current => inner.Current;
        public bool MoveNext() => inner.MoveNext();
        public void ConsumeCurrent() => inner.ConsumeCurrent();

        // Behind the end the parser asks whether there is really nothing more.
        public bool MoveNextWithoutConsuming() => inner.Current is not (null or Tokens.StreamEnd) || inner.MoveNextWithoutConsuming();
    }

    /// <summary>Turns events into nodes: resolves tags and aliases and keeps the size of the whole within bounds.</summary>
    private sealed class Composer(Parser parser, string text, Func<Mark, Mark> locate)
    {
        // A file of a few hundred bytes can name billions of nodes by aliases of aliases.
        private const int MaxNodesByAlias = 100_000;
        // One long text and some thousand aliases of it would be hundreds of megabytes to everybody who writes them out.
        private const int MaxTextByAlias = 4_000_000;

        private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);
        private long _nodesByAlias, _textByAlias;

        /// <summary>Reads the only document; null where there is none.</summary>
        public YamlNode? Compose()
        {
            parser.MoveNext();
            Next<StreamStart>();
            if (parser.Current is StreamEnd) return null;

            Next<DocumentStart>();
            var root = ComposeNode(depth: 1);
            Next<DocumentEnd>();
            return parser.Current is StreamEnd ? root : throw Error("a second document begins; only one is allowed");
        }

        private YamlNode ComposeNode(int depth)
        {
            if (parser.Current is AnchorAlias alias) return ComposeAlias(alias, depth);
            if (parser.Current is not NodeEvent start) throw Error(UnknownProblem);
            if (depth > MaxDepth) throw Error($"more than {MaxDepth} levels of nesting");

            // Known from here, usable only once complete: an alias inside its own node would never end.
            var anchor = start.Anchor.IsEmpty ? null : start.Anchor.Value;
            if (anchor is not null && !_anchors.TryAdd(anchor, null)) throw Error("an anchor has the name of one before it");

            parser.MoveNext();
            var node = start switch
            {
                Scalar scalar => ComposeScalar(scalar),
                SequenceStart sequence => ComposeSequence(sequence, depth),
                _ => ComposeMapping((MappingStart)start, depth),
            };
            node.Measure();
            if (anchor is not null)
                _anchors[anchor] = node;

            return node;
        }

        private YamlNode ComposeScalar(Scalar scalar)
        {
            var isPlain = scalar.Tag.IsEmpty ? scalar.Style == ScalarStyle.Plain : scalar.Tag.Value == "!";
            var tag = TagOf(scalar, isPlain ? YamlTags.Resolve(scalar.Value) : YamlTags.String);
            return End(new(YamlNodeType.Scalar, tag, locate(scalar.Start)) { Text = scalar.Value }, (int)locate(scalar.End).Index);
        }

        // "!" asks for the tag that the node would have without one.
        private static string TagOf(NodeEvent node, string resolved) => node.Tag.IsEmpty || node.Tag.Value == "!" ? resolved : node.Tag.Value;

        private YamlNode ComposeSequence(SequenceStart start, int depth)
        {
            var sequence = new YamlNode(YamlNodeType.Sequence, TagOf(start, YamlTags.Sequence), locate(start.Start)) { IsFlow = start.Style is SequenceStyle.Flow };
            while (parser.Current is not SequenceEnd)
                sequence.Items.Add(ComposeNode(depth + 1));

            return EndCollection(sequence, sequence.Items.LastOrDefault());
        }

        private YamlNode ComposeMapping(MappingStart start, int depth)
        {
            var mapping = new YamlNode(YamlNodeType.Mapping, TagOf(start, YamlTags.Mapping), locate(start.Start)) { IsFlow = start.Style is MappingStyle.Flow };
            while (parser.Current is not MappingEnd)
            {
                var key = ComposeNode(depth + 1);
                mapping.Entries.Add((key, ComposeNode(depth + 1)));
            }

            return EndCollection(mapping, mapping.Entries.LastOrDefault().Value);
        }

        private YamlNode ComposeAlias(AnchorAlias alias, int depth)
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var target)) throw Error("an alias names an anchor that does not stand before it");
            if (target is null) throw Error("an alias stands inside the node that it names");

            _nodesByAlias += target.Size;
            _textByAlias += target.Length;
            if (_nodesByAlias > MaxNodesByAlias) throw Error($"aliases stand for more than {MaxNodesByAlias} nodes");
            if (_textByAlias > MaxTextByAlias) throw Error($"aliases stand for more than {MaxTextByAlias} characters");
            if (depth + target.Depth - 1 > MaxDepth) throw Error($"more than {MaxDepth} levels of nesting");

            parser.MoveNext();
            return End(new(YamlNodeType.Alias, target.Tag, locate(alias.Start)) { Target = target }, (int)locate(alias.End).Index);
        }

        // The parser sees the end of a block only where the next thing begins, behind comments that do not belong to it.
        private YamlNode EndCollection(YamlNode node, YamlNode? last)
        {
            var end = node.IsFlow ? (int)locate(parser.Current!.Start).Index + 1 : last?.End ?? node.Start;
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
        private void Next<T>() where T : ParsingEvent
        {
            if (parser.Current is not T) throw Error(UnknownProblem);

            parser.MoveNext();
        }

        private YamlLoadException Error(string problem) => new(locate(parser.Current!.Start), problem);
    }
}
