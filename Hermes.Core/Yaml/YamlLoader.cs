using System.Buffers;
using YamlDotNet.Core;

namespace Hermes.Core.Yaml;

/// <summary>Reads YAML 1.1 as the reference does (PyYAML's safe_load).</summary>
/// <remarks>
/// YamlDotNet's event parser splits the text; what the pieces mean is decided here, because YamlDotNet reads scalars
/// as YAML 1.2 and its object graph needs reflection. The one wanted difference from safe_load: a plain <c>=</c> or <c>&lt;&lt;</c>
/// that is no merge key is that string, where safe_load fails.
/// </remarks>
internal static class YamlLoader
{
    // Each line costs one more reading of the text.
    private const int MaxMendedLines = 100;

    private static readonly string Indentation = new(' ', YamlComposer.MaxDepth);
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\u0085\u2028\u2029");

    /// <summary>Reads the one document of <paramref name="text"/>.</summary>
    /// <returns>
    /// null, bool, long, BigInteger, double, string, DateOnly, DateTime (no offset given), DateTimeOffset, byte[] (!!binary),
    /// <see cref="YamlMapping"/>, <see cref="List{T}"/> of object?, or <see cref="HashSet{T}"/> of object? (!!set); null for an empty document.
    /// An anchored collection and its aliases are the same object: treat what is returned as immutable.
    /// </returns>
    /// <exception cref="YamlLoadException">The text is not YAML that safe_load reads.</exception>
    public static object? Load(string text)
    {
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        RefuseControlCharacters(text);
        var mendedLines = new HashSet<int>();
        try
        {
            var root = Parse(text, mendedLines, parser => new YamlComposer(parser).Compose());
            return root is null ? null : YamlConstructor.Construct(root);
        }
        catch (YamlLoadException exception) when (mendedLines.Contains(exception.Line))
        {
            throw new YamlLoadException(exception.Line, Math.Max(1, exception.Column - Indentation.Length), exception.Problem);
        }
    }

    /// <summary>Reads a text's events, with the way from their marks to the places in the text.</summary>
    /// <param name="text">The text, without a byte order mark.</param>
    /// <param name="read">Reads to the end; called again, from the start, where a line had to be mended.</param>
    /// <exception cref="YamlLoadException">The text is not YAML.</exception>
    public static T Parse<T>(string text, Func<Parser, Func<Mark, int>, T> read)
    {
        var mendedLines = new HashSet<int>();
        return Parse(text, mendedLines, parser => read(parser, IndexOf));

        int IndexOf(Mark mark)
        {
            var line = (int)mark.Line;
            var before = mendedLines.Count(mended => mended < line) * Indentation.Length;
            var within = mendedLines.Contains(line) ? Math.Min((int)mark.Column - 1, Indentation.Length) : 0;
            return (int)mark.Index - before - within;
        }
    }

    // PyYAML takes lines of a [ ], { } or " " that are indented no deeper than the mapping around it, YamlDotNet does
    // not. Blanks at the start of such a line mean nothing, so it is given some and read again.
    private static T Parse<T>(string text, HashSet<int> mendedLines, Func<Parser, T> read)
    {
        while (true)
        {
            var scanner = new Scanner(new StringReader(text));
            try
            {
                return read(new Parser(new LookaheadScanner(scanner)));
            }
            catch (Exception exception) when (IsComplaintOfIndentation(exception)
                && mendedLines.Count < MaxMendedLines && mendedLines.Add((int)scanner.CurrentPosition.Line))
            {
                text = text.Insert(StartOfLine(text, (int)scanner.CurrentPosition.Line), Indentation);
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
    }

    private static bool IsComplaintOfIndentation(Exception exception) =>
        exception is InvalidOperationException
        || (exception is YamlException && exception.Message.Contains("wrong indentation", StringComparison.Ordinal));

    private static YamlLoadException Error(Mark at, string problem) =>
        new((int)Math.Max(1, at.Line), (int)Math.Max(1, at.Column), problem);

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
        var line = 1;
        var lineStart = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character is '\n' || (character is '\r' && !(index + 1 < text.Length && text[index + 1] == '\n')))
            {
                line++;
                lineStart = index + 1;
            }
            else if (char.IsHighSurrogate(character) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (!IsPrintable(character))
            {
                throw new YamlLoadException(line, index - lineStart + 1, "a control character is not allowed in YAML");
            }
        }
    }

    private static bool IsPrintable(char character) => character
        is '\t' or '\n' or '\r' or '\u0085'
        or (>= ' ' and <= '~')
        or (>= '\u00A0' and <= '\uD7FF')
        or (>= '\uE000' and <= '\uFFFD');
}
