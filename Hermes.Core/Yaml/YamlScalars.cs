using System.Numerics;
using System.Text.RegularExpressions;

namespace Hermes.Core.Yaml;

/// <summary>What a scalar's text means: YAML 1.1 with PyYAML's own patterns, which differ from the specification's.</summary>
internal static partial class YamlScalars
{
    // Python refuses longer decimal numbers, since conversion takes quadratic time.
    private const int MaxNumberLength = 4300;

    /// <summary>The tag of a plain scalar.</summary>
    public static string ResolveTag(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => YamlTags.Null,
        "yes" or "Yes" or "YES" or "no" or "No" or "NO" or "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
            or "on" or "On" or "ON" or "off" or "Off" or "OFF" => YamlTags.Boolean,
        "<<" => YamlTags.Merge,
        [(>= '0' and <= '9') or '-' or '+' or '.', ..] => ResolveNumber(text),
        _ => YamlTags.String,
    };

    /// <summary>The value of a scalar.</summary>
    /// <exception cref="YamlLoadException">The tag is unknown, or the text is no value of it.</exception>
    public static object? Construct(YamlNode node) => node.Tag switch
    {
        // safe_load fails on a `<<` that is no key.
        YamlTags.String or YamlTags.Merge => node.Text,
        YamlTags.Null => null,
        YamlTags.Boolean => ParseBoolean(node.Text) ?? throw node.Error("not a boolean"),
        YamlTags.Integer => ParseInteger(node.Text) switch
        {
            null => throw node.Error("not an integer, or one of too many digits"),
            { } value when value >= long.MinValue && value <= long.MaxValue => (object)(long)value,
            { } value => value,
        },
        YamlTags.Float => ParseFloat(node.Text) ?? throw node.Error("not a number"),
        YamlTags.Timestamp => ParseTimestamp(node.Text) ?? throw node.Error("not a date or time of the calendar"),
        YamlTags.Binary => ParseBinary(node.Text) ?? throw node.Error("not base64"),
        _ => throw node.Error("a value has a tag that is unknown or not meant for values"),
    };

    private static string ResolveNumber(string text) =>
        FloatPattern.IsMatch(text) ? YamlTags.Float
        : IntegerPattern.IsMatch(text) ? YamlTags.Integer
        : ImplicitTimestampPattern.IsMatch(text) ? YamlTags.Timestamp
        : YamlTags.String;

    private static object? ParseBoolean(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "true" or "on" => true,
        "no" or "false" or "off" => false,
        _ => null,
    };

    private static BigInteger? ParseInteger(string text)
    {
        if (text.Length > MaxNumberLength)
            return null;

        var (isNegative, digits) = SplitSign(text.Replace("_", "", StringComparison.Ordinal));
        var magnitude = digits switch
        {
            "0" => BigInteger.Zero,
            ['0', 'b', .. var binary] => ParseDigits(binary, 2),
            ['0', 'x', .. var hexadecimal] => ParseDigits(hexadecimal, 16),
            ['0', ..] => ParseDigits(digits, 8),
            _ => ParseSexagesimal(digits),
        };
        return isNegative ? -magnitude : magnitude;
    }

    private static BigInteger? ParseDigits(ReadOnlySpan<char> digits, int radix)
    {
        if (digits.IsEmpty)
            return null;

        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            var number = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (number >= radix)
                return null;

            value = (value * radix) + number;
        }

        return value;
    }

    // Without a colon it is one part: a plain decimal number.
    private static BigInteger? ParseSexagesimal(string text)
    {
        var value = BigInteger.Zero;
        foreach (var part in text.Split(':'))
        {
            if (ParseDigits(part, 10) is not { } number)
                return null;

            value = (value * 60) + number;
        }

        return value;
    }

    private static double? ParseFloat(string text)
    {
        var (isNegative, digits) = SplitSign(text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant());
        double? magnitude = digits switch
        {
            ".inf" => double.PositiveInfinity,
            ".nan" => double.NaN,
            _ => ParseSexagesimalFloat(digits),
        };
        return isNegative ? -magnitude : magnitude;
    }

    private static double? ParseSexagesimalFloat(string text)
    {
        // From the last part to the first, as PyYAML does: the order of additions shows in the last digit.
        var value = 0.0;
        var weight = 1.0;
        var parts = text.Split(':');
        for (var index = parts.Length - 1; index >= 0; index--)
        {
            const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (!double.TryParse(parts[index], Style, CultureInfo.InvariantCulture, out var number))
                return null;

            value += number * weight;
            weight *= 60;
        }

        return value;
    }

    private static (bool IsNegative, string Digits) SplitSign(string text) =>
        text is ['-' or '+', ..] ? (text[0] == '-', text[1..]) : (false, text);

    private static object? ParseTimestamp(string text)
    {
        var match = TimestampPattern.Match(text);
        if (!match.Success)
            return null;

        int Number(string group) => match.Groups[group] is { Length: > 0 } value ? int.Parse(value.ValueSpan, CultureInfo.InvariantCulture) : 0;
        try
        {
            if (!match.Groups["hour"].Success)
                return new DateOnly(Number("year"), Number("month"), Number("day"));

            var fraction = match.Groups["fraction"].Value;
            var microseconds = int.Parse(fraction.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);
            var time = new DateTime(Number("year"), Number("month"), Number("day"), Number("hour"), Number("minute"), Number("second"))
                .AddMicroseconds(microseconds);
            if (!match.Groups["zone"].Success)
                return time;

            var offset = new TimeSpan(Number("zonehour"), Number("zoneminute"), 0);
            return WithOffset(time, match.Groups["sign"].Value == "-" ? -offset : offset);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static DateTimeOffset? WithOffset(DateTime time, TimeSpan offset)
    {
        if (offset.Duration() >= TimeSpan.FromDays(1))
            return null;

        // Python takes offsets up to a day, DateTimeOffset up to 14 hours: beyond, the same instant in UTC.
        return offset.Duration() <= TimeSpan.FromHours(14)
            ? new DateTimeOffset(time, offset)
            : new DateTimeOffset(time - offset, TimeSpan.Zero);
    }

    // As Python's base64.decodebytes: what is not of the alphabet is skipped, and the padding has to be right.
    private static byte[]? ParseBinary(string text)
    {
        var significant = new System.Text.StringBuilder(text.Length);
        var padding = 0;
        foreach (var character in text)
        {
            if (!char.IsAscii(character))
                return null;

            if (character == '=')
            {
                padding++;
                if (significant.Length % 4 >= 2 && (significant.Length % 4) + padding >= 4)
                    break;
            }
            else if (char.IsAsciiLetterOrDigit(character) || character is '+' or '/')
            {
                padding = 0;
                significant.Append(character);
            }
        }

        significant.Append('=', padding);
        var bytes = new byte[significant.Length];
        return Convert.TryFromBase64String(significant.ToString(), bytes, out var length) ? bytes[..length] : null;
    }

    [GeneratedRegex(
        """
        ^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?
          |\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
          |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
          |[-+]?\.(?:inf|Inf|INF)
          |\.(?:nan|NaN|NAN))\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex FloatPattern { get; }

    [GeneratedRegex(
        """
        ^(?:[-+]?0b[0-1_]+
          |[-+]?0[0-7_]+
          |[-+]?(?:0|[1-9][0-9_]*)
          |[-+]?0x[0-9a-fA-F_]+
          |[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex IntegerPattern { get; }

    [GeneratedRegex(
        """
        ^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}
          |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
           (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex ImplicitTimestampPattern { get; }

    [GeneratedRegex(
        """
        ^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})
         (?:(?:[Tt]|[ \t]+)(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]*))?
         (?:[ \t]*(?<zone>Z|(?<sign>[-+])(?<zonehour>[0-9]{1,2})(?::(?<zoneminute>[0-9]{2}))?))?)?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex TimestampPattern { get; }
}
