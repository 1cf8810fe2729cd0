using System.Numerics;
using System.Text.RegularExpressions;

namespace Hermes.Core.Yaml;

/// <summary>The tags that safe_load knows, and what a scalar's text means under each: YAML 1.1 with PyYAML's own patterns, which differ from the specification's.</summary>
internal static partial class YamlTags
{
    public const string Null = Prefix + "null", Boolean = Prefix + "bool", Integer = Prefix + "int", Float = Prefix + "float", String = Prefix + "str";
    public const string Timestamp = Prefix + "timestamp", Binary = Prefix + "binary", Sequence = Prefix + "seq", Mapping = Prefix + "map";
    public const string Set = Prefix + "set", OrderedMapping = Prefix + "omap", Pairs = Prefix + "pairs", Merge = Prefix + "merge";
    private const string Prefix = "tag:yaml.org,2002:";
    // Python refuses longer decimal numbers, since conversion takes quadratic time.
    private const int MaxNumberLength = 4300;

    /// <summary>The tag of a plain scalar.</summary>
    public static string Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => Null,
        "yes" or "Yes" or "YES" or "no" or "No" or "NO" or "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
            or "on" or "On" or "ON" or "off" or "Off" or "OFF" => Boolean,
        "<<" => Merge,
        not [(>= '0' and <= '9') or '-' or '+' or '.', ..] => String,
        _ when FloatPattern.IsMatch(text) => Float,
        _ when IntegerPattern.IsMatch(text) => Integer,
        _ when TimestampPattern.Match(text) is { Success: true } match && (match.Groups["hour"].Success || text.Length == "2001-02-03".Length) => Timestamp,
        _ => String,
    };

    /// <summary>The value of a scalar.</summary>
    public static object? Construct(YamlNode node) => node.Tag switch
    {
        // safe_load fails on a `<<` that is no key.
        String or Merge => node.Text,
        Null => null,
        Boolean => node.Text.ToLowerInvariant() switch
        {
            "yes" or "true" or "on" => true,
            "no" or "false" or "off" => false,
            _ => throw node.Error("not a boolean"),
        },
        Integer => ParseInteger(node.Text) switch
        {
            null => throw node.Error("not an integer, or one of too many digits"),
            { } value when value >= long.MinValue && value <= long.MaxValue => (object)(long)value,
            { } value => value,
        },
        Float => ParseFloat(node.Text) ?? throw node.Error("not a number"),
        Timestamp => ParseTimestamp(node.Text) ?? throw node.Error("not a date or time of the calendar"),
        Binary => ParseBinary(node.Text) ?? throw node.Error("not base64"),
        _ => throw node.Error("a value has a tag that is unknown or not meant for values"),
    };

    private static BigInteger? ParseInteger(string text)
    {
        if (text.Length > MaxNumberLength) return null;

        var (isNegative, digits) = SplitSign(text);
        var magnitude = digits switch
        {
            "0" => BigInteger.Zero,
            ['0', 'b', .. var binary] => ParseDigits(binary, 2),
            ['0', 'x', .. var hexadecimal] => ParseDigits(hexadecimal, 16),
            ['0', ..] => ParseDigits(digits, 8),

            // 1:30 is 90. Without a colon it is one part: a plain decimal number.
            _ => digits.Split(':').Aggregate((BigInteger?)BigInteger.Zero, (value, part) => (value * 60) + ParseDigits(part, 10)),
        };
        return isNegative ? -magnitude : magnitude;
    }

    private static BigInteger? ParseDigits(string digits, int radix) =>
        digits.Length > 0 && digits.All(digit => char.IsAsciiHexDigit(digit) && Convert.ToInt32($"{digit}", 16) < radix)
            ? digits.Aggregate(BigInteger.Zero, (value, digit) => (value * radix) + Convert.ToInt32($"{digit}", 16))
            : null;

    private static double? ParseFloat(string text)
    {
        var (isNegative, digits) = SplitSign(text.ToLowerInvariant());
        if (digits == ".nan") return double.NaN;
        if (digits == ".inf") return isNegative ? double.NegativeInfinity : double.PositiveInfinity;

        // 1:30.5 is 90.5. From the last part to the first, as PyYAML does: the order of additions shows in the last digit.
        var (value, weight) = (0.0, 1.0);
        foreach (var part in digits.Split(':').Reverse())
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number))
                return null;

            value += number * weight;
            weight *= 60;
        }

        return isNegative ? -value : value;
    }

    private static (bool IsNegative, string Digits) SplitSign(string text)
    {
        text = text.Replace("_", "", StringComparison.Ordinal);
        return text is ['-' or '+', ..] ? (text[0] == '-', text[1..]) : (false, text);
    }

    private static object? ParseTimestamp(string text)
    {
        if (TimestampPattern.Match(text) is not { Success: true } match) return null;

        int Number(string group) => match.Groups[group] is { Length: > 0 } value ? int.Parse(value.ValueSpan, CultureInfo.InvariantCulture) : 0;
        try
        {
            if (!match.Groups["hour"].Success) return new DateOnly(Number("year"), Number("month"), Number("day"));

            var microseconds = int.Parse(match.Groups["fraction"].Value.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);
            var time = new DateTime(Number("year"), Number("month"), Number("day"), Number("hour"), Number("minute"), Number("second"))
                .AddMicroseconds(microseconds);
            if (!match.Groups["zone"].Success) return time;

            var offset = new TimeSpan(Number("zonehour"), Number("zoneminute"), 0) * (match.Groups["sign"].Value == "-" ? -1 : 1);

            // Python takes offsets up to a day, DateTimeOffset up to 14 hours: beyond, the same instant in UTC.
            return offset.Duration() >= TimeSpan.FromDays(1) ? null
                : offset.Duration() <= TimeSpan.FromHours(14) ? new DateTimeOffset(time, offset)
                : new DateTimeOffset(time - offset, TimeSpan.Zero);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    // As Python's base64.decodebytes: what is not of the alphabet is skipped, and the padding has to be right.
    private static byte[]? ParseBinary(string text)
    {
        if (!Ascii.IsValid(text)) return null;

        var significant = new StringBuilder(text.Length);
        var padding = 0;
        foreach (var character in text)
        {
            if (character == '=')
            {
                padding++;
                if (significant.Length % 4 >= 2 && (significant.Length % 4) + padding >= 4) break;
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

    [GeneratedRegex("""
        ^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?
          |\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
          |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
          |[-+]?\.(?:inf|Inf|INF)
          |\.(?:nan|NaN|NAN))\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex FloatPattern { get; }
    [GeneratedRegex(@"^[-+]?(?:0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*|0x[0-9a-fA-F_]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerPattern { get; }
    [GeneratedRegex("""
        ^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})
         (?:(?:[Tt]|[ \t]+)(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]*))?
         (?:[ \t]*(?<zone>Z|(?<sign>[-+])(?<zonehour>[0-9]{1,2})(?::(?<zoneminute>[0-9]{2}))?))?)?\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex TimestampPattern { get; }
}
