using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Hermes.Core.Configuration;

/// <summary>Removes from a text what is given to a secret's name: <c>export X=…</c>, <c>--token …</c>, <c>password: …</c>, <c>Bearer …</c>.</summary>
/// <remarks>
/// One walk over the text. A colon is prose as often as it gives a value, so what follows it goes only where it does not
/// read as a word, or where it is all that the line has besides the name.
/// </remarks>
internal ref struct SecretAssignments
{
    private const string Mark = SecretRedactor.Mark;

    private static readonly SearchValues<char> VariableCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n");
    private static readonly SearchValues<char> QuotesAndLineEnds = SearchValues.Create("\"'`\r\n");

    private static readonly FrozenSet<string> CredentialHeaders = new[]
    {
        "authorization", "proxy-authorization", "cookie", "set-cookie",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> CredentialSchemes = new[]
    {
        "bearer", "basic", "token", "digest", "apikey", "bot", "negotiate",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Harmless = new[] { "true", "false", "null", "none", "yes", "no" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly ReadOnlySpan<char> _text;
    private readonly StringBuilder _result;
    private int _done;
    private int _index;

    private SecretAssignments(string text)
    {
        _text = text;
        _result = new StringBuilder(text.Length);
    }

    /// <summary>The text with the values of secret names replaced by the mark.</summary>
    public static string Redact(string text)
    {
        var walk = new SecretAssignments(text);
        walk.Walk();
        return walk._done == 0 ? text : walk._result.Append(walk._text[walk._done..]).ToString();
    }

    private void Walk()
    {
        var previousStart = 0;
        var previousEnd = 0;
        while (_index < _text.Length)
        {
            if (!IsOfName(_text[_index]))
            {
                _index++;
                continue;
            }

            var start = _index;
            while (_index < _text.Length && IsOfName(_text[_index]))
            {
                _index++;
            }

            var name = _text[start.._index];

            // "API key: …" is a name of two words.
            var isSecondWord = previousEnd > 0 && start == previousEnd + 1 && _text[previousEnd] == ' ';
            var before = isSecondWord ? _text[previousStart..previousEnd] : [];
            (previousStart, previousEnd) = (start, _index);
            Look(start, name, before);
        }
    }

    private void Look(int start, ReadOnlySpan<char> name, ReadOnlySpan<char> before)
    {
        var afterName = _index;
        var afterQuote = SkipQuote(afterName);
        var separator = SkipBlanks(afterQuote);
        if (separator < _text.Length && _text[separator] is ('=' or ':'))
        {
            var isColon = _text[separator] == ':' && !Follows(separator + 1, '=');
            var value = separator + (Follows(separator + 1, '=') || Follows(separator + 1, '>') ? 2 : 1);
            if (_text[separator] == '=' && Follows(separator + 1, '='))
            {
                // A comparison.
                return;
            }

            if (isColon && Follows(separator + 1, '/') && Follows(separator + 2, '/'))
            {
                return;
            }

            Assign(start, name, before, SkipBlanks(value), isColon);
        }
        else if (separator > afterName && separator < _text.Length && afterQuote == afterName)
        {
            AfterBlank(name, before, separator);
        }
    }

    private void Assign(int start, ReadOnlySpan<char> name, ReadOnlySpan<char> before, int value, bool isColon)
    {
        if (value >= _text.Length || _text[value] is '\r' or '\n')
        {
            return;
        }

        var isCredentialHeader = isColon && CredentialHeaders.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
        var isExported = !isColon && before is "export";
        var isParameter = !isColon && start > 0 && _text[start - 1] is ('?' or '&');
        if (!isExported && !isCredentialHeader && !SecretNames.IsOwnedKey(before, name)
            && !(isParameter ? SecretNames.IsSecretParameter(name.ToString()) : IsSecretName(name)))
        {
            return;
        }

        if (isColon && !(isCredentialHeader && IsScheme(value)) && IsProse(start, value))
        {
            return;
        }

        var end = isCredentialHeader ? EndOfHeader(value) : EndOfValue(value);
        Replace(value, end, name.ToString());
    }

    private void AfterBlank(ReadOnlySpan<char> name, ReadOnlySpan<char> before, int value)
    {
        if (name.Equals("bearer", StringComparison.OrdinalIgnoreCase))
        {
            if (!IsWord(value))
            {
                Replace(value, EndOfValue(value), name: "");
            }
        }
        else if (name.Equals("basic", StringComparison.OrdinalIgnoreCase))
        {
            var end = EndOfValue(value);
            if (IsBasicCredential(_text[value..end]))
            {
                Replace(value, end, name: "");
            }
        }
        else if (name is "-u" or "--user" or "--proxy-user")
        {
            var end = EndOfValue(value);
            if (_text[value..end].Contains(':'))
            {
                Replace(value, end, name: "");
            }
        }
        else if (name.StartsWith("--") && SecretNames.IsSecretParameter(name.ToString()) && _text[value] != '-')
        {
            Replace(value, EndOfValue(value), name.ToString());
        }
        else if (before is "setx" && IsSecretName(name))
        {
            Replace(value, EndOfValue(value), name.ToString());
        }
    }

    private static bool IsSecretName(ReadOnlySpan<char> name)
    {
        // In a sentence or in code, "key=" and "pin:" are seldom secrets; as flags or variables they are.
        var isFlagOrVariable = name.StartsWith("--") || !name.ContainsAnyInRange('a', 'z');
        return name.Length > 2
            && SecretNames.Classify(name.ToString()) is KeyKind.Secret or KeyKind.Authentication
            && (isFlagOrVariable || name is not ("key" or "keys" or "pin" or "pins" or "salt" or "auth" or "pat" or "pass"));
    }

    private void Replace(int start, int end, string name)
    {
        var value = Unquoted(_text[start..end]);
        if (value.Length > 0 && value is not Mark && !IsHarmless(value, name))
        {
            var offset = _text[start..end].IndexOf(value);
            _result.Append(_text[_done..(start + offset)]).Append(Mark);
            _done = start + offset + value.Length;
        }

        _index = Math.Max(_index, end);
    }

    private static bool IsHarmless(ReadOnlySpan<char> value, string name) =>
        SecretText.IsVariableReference(value)
        || Harmless.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value)
        || (value.IndexOfAnyExceptInRange('0', '9') < 0 && SecretNames.IsTokens(name))
        || (value.Length > 1 && value[0] == '$' && value[1..].IndexOfAnyExcept(VariableCharacters) < 0);

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value) => value.Trim("\\\"'`");

    private readonly int EndOfHeader(int value)
    {
        var length = _text[value..].IndexOfAny(QuotesAndLineEnds);
        if (length != 0)
        {
            return length < 0 ? _text.Length : value + length;
        }

        return EndOfValue(value);
    }

    private readonly int EndOfValue(int value)
    {
        var quote = _text[value] == '\\' && value + 1 < _text.Length && _text[value + 1] is ('"' or '\'') ? 2
            : _text[value] is '"' or '\'' or '`' ? 1
            : 0;
        if (quote > 0)
        {
            var opening = _text.Slice(value, quote);
            var closing = _text[(value + quote)..].IndexOf(opening);
            if (closing >= 0)
            {
                return value + quote + closing + quote;
            }

            var line = _text[value..].IndexOfAny(LineEnds);
            return line >= 0 ? value + line : _text.Length;
        }

        var end = value;
        while (end < _text.Length && !char.IsWhiteSpace(_text[end]) && _text[end] is not ('"' or '\'' or '`' or ';' or '&'))
        {
            end++;
        }

        return end;
    }

    // A value that reads as a word, and is not all that its line has besides the name.
    private readonly bool IsProse(int nameStart, int value)
    {
        if (_text[value] is '"' or '\'' or '\\' || !IsWord(value))
        {
            return false;
        }

        var before = nameStart - 1;
        while (before >= 0 && nameStart - before <= 8 && _text[before] is (' ' or '\t' or '-'))
        {
            before--;
        }

        var isFirst = before < 0 || _text[before] is '\n' or '\r' or '{' or ',';
        var next = SkipBlanks(EndOfValue(value));
        var isLast = next >= _text.Length || _text[next] is '\n' or '\r';
        return !isFirst || !isLast;
    }

    private readonly bool IsScheme(int value)
    {
        var end = EndOfValue(value);
        return end + 1 < _text.Length && _text[end] == ' '
            && CredentialSchemes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(_text[value..end]);
    }

    // Letters of any script, perhaps with a capital at the beginning and punctuation at the end.
    private readonly bool IsWord(int start)
    {
        var word = _text[start..EndOfValue(start)].TrimStart("([").TrimEnd(".,;:!?)]…");
        for (var index = 0; index < word.Length; index++)
        {
            var character = word[index];
            if (!char.IsLetter(character) && character is not ('-' or '’') && !char.IsSurrogate(character) && !char.IsPunctuation(character)
                || character is '_' or '/' or '+' or '@' or '#' or '%' or '*' or '!'
                || (index > 0 && char.IsUpper(character) && char.IsLower(word[index - 1])))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBasicCredential(ReadOnlySpan<char> word)
    {
        Span<byte> bytes = stackalloc byte[512];
        return word.Length <= 512 && Convert.TryFromBase64Chars(word, bytes, out var length) && bytes[..length].Contains((byte)':');
    }

    private readonly bool Follows(int index, char character) => index < _text.Length && _text[index] == character;

    private readonly int SkipQuote(int index)
    {
        for (var end = index + 3; index < end && index < _text.Length && _text[index] is ('"' or '\'' or '`' or ']' or '\\');)
        {
            index++;
        }

        return index;
    }

    private readonly int SkipBlanks(int index)
    {
        while (index < _text.Length && _text[index] is (' ' or '\t'))
        {
            index++;
        }

        return index;
    }

    private static bool IsOfName(char character) => char.IsLetterOrDigit(character) || character is '_' or '-' or '.';
}
