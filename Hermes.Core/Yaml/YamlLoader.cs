using System.Buffers;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace Hermes.Core.Yaml;

/// <summary>Reads YAML 1.1 as the reference does (PyYAML's safe_load).</summary>
/// <remarks>
/// YamlDotNet's event parser splits the text; what the tokens mean is decided here, because YamlDotNet reads scalars
/// as YAML 1.2 and its object graph needs reflection. The one wanted difference from safe_load: a plain <c>=</c> or <c>&lt;&lt;</c>
/// that is no merge key is that string, where safe_load fails.
/// </remarks>
internal static partial class YamlLoader
{
    // Each line costs one more reading of the text.
    private const int MaxRepairedLines = 100;

    private static readonly string Indentation = new(' ', YamlComposer.MaxDepth);
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\u0085\u2028\u2029");

    /// <summary>Reads the one document of <paramref name="text"/>.</summary>
    /// <returns>
    /// null, bool, long, BigInteger, double, string, DateOnly, DateTime (no offset given), DateTimeOffset, byte[] (!!binary),
    /// <see cref="YamlMapping"/>, <see cref="List{T}"/> of object?, or <see cref="HashSet{T}"/> of object? (!!set); null for an empty document.
    /// An anchored collection and its aliases are the same object: treat what is returned as immutable.
    /// </returns>
    /// <exception cref="YamlLoadException">The text is not YAML that safe_load reads.</exception>
    public static object? Load(string text) => Compose(text)?.Value;

    /// <summary>Reads the nodes of the one document, with their places in the text.</summary>
    /// <param name="text">The text. A byte order mark is skipped and not counted.</param>
    /// <returns>The root; null for an empty document.</returns>
    /// <exception cref="YamlLoadException">The text is not YAML.</exception>
    public static YamlNode? Compose(string text)
    {
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        RefuseControlCharacters(text);

        // PyYAML takes lines of a [ ], { } or " " that are indented no deeper than the mapping around it, YamlDotNet does
        // not. Blanks at the start of such a line mean nothing, so it is given some and read again.
        var repaired = text;
        var lines = new HashSet<int>();
        while (true)
        {
            var scanner = new Scanner(new StringReader(repaired));
            try
            {
                return new YamlComposer(new Parser(new LookaheadScanner(scanner)), text, Locate).Compose();
            }
            catch (Exception exception) when (IsComplaintOfIndentation(exception)
                && lines.Count < MaxRepairedLines && lines.Add((int)scanner.CurrentPosition.Line))
            {
                repaired = repaired.Insert(StartOfLine(repaired, (int)scanner.CurrentPosition.Line), Indentation);
            }
            catch (YamlException exception)
            {
                var problem = YamlProblem.Describe(exception.Message);
                throw Error(problem == YamlProblem.Tab ? scanner.CurrentPosition : exception.Start, problem);
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
            {
                // What else YamlDotNet throws on bad text, such as an escape that names no character.
                throw Error(scanner.CurrentPosition, YamlProblem.Unknown);
            }
        }

        (int Index, int Line, int Column) Locate(Mark mark)
        {
            var (line, column) = ((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
            var within = lines.Contains(line) ? Math.Min(column - 1, Indentation.Length) : 0;
            var before = lines.Count(repairedLine => repairedLine < line) * Indentation.Length;
            return ((int)mark.Index - before - within, line, column - within);
        }

        YamlLoadException Error(Mark at, string problem)
        {
            var (_, line, column) = Locate(at);
            return new(line, column, problem);
        }
    }

    private static bool IsComplaintOfIndentation(Exception exception) =>
        exception is InvalidOperationException
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

    private static void RefuseControlCharacters(string text)
    {
        if (Unprintable.Match(text) is { Success: true, Index: var index })
        {
            var before = text.AsSpan(0, index);
            var line = 1 + LineBreak.Count(before);
            throw new YamlLoadException(line, index - before.LastIndexOfAny('\r', '\n'), "a control character is not allowed in YAML");
        }
    }

    [GeneratedRegex(@"[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[^\t\n\r\u0085 -~\u00A0-\uFFFD]", RegexOptions.CultureInvariant)]
    private static partial Regex Unprintable { get; }

    [GeneratedRegex(@"\r\n|\r|\n", RegexOptions.CultureInvariant)]
    private static partial Regex LineBreak { get; }

    /// <summary>A scanner whose next token stays the next one however often it is asked for, until it is consumed.</summary>
    /// <remarks>
    /// Behind an anchored scalar the parser looks ahead twice. The scanner by itself would go on to a second token then, and lose the comma in
    /// <c>{a: &amp;k v, b: 2}</c>.
    /// </remarks>
    private sealed class LookaheadScanner(Scanner inner) : IScanner
    {
        public Mark CurrentPosition => inner.CurrentPosition;

        public Token? Current => inner.Current;

        public bool MoveNext() => inner.MoveNext();

        // Behind the end the parser asks whether there is really nothing more.
        public bool MoveNextWithoutConsuming() => inner.Current is not (null or StreamEnd) || inner.MoveNextWithoutConsuming();

        public void ConsumeCurrent() => inner.ConsumeCurrent();
    }
}
