using System.Buffers;

namespace Hermes.Core.Configuration;

/// <summary>Tells words that a generator made (keys) from words that people made (names of models, paths, hosts).</summary>
internal static class OpaqueWords
{
    // Keys are longer than this; what people write without a joint seldom is.
    private const int MinLength = 20;
    private const int MinHexadecimalLength = 32;
    private const int AwsSecretLength = 40;

    private static readonly SearchValues<char> Base64Joints = SearchValues.Create("+/");

    /// <summary>Whether a word of letters, digits and joints holds a stretch that looks random.</summary>
    public static bool IsOpaque(ReadOnlySpan<char> word)
    {
        if (word.Length < MinLength)
        {
            return false;
        }

        if (IsUuid(word) || IsJoinedBase64(word))
        {
            return true;
        }

        for (var start = 0; start < word.Length;)
        {
            var end = start;
            while (end < word.Length && char.IsAsciiLetterOrDigit(word[end]))
            {
                end++;
            }

            if (IsOpaqueStretch(word[start..end]))
            {
                return true;
            }

            start = end + 1;
        }

        return false;
    }

    private static bool IsOpaqueStretch(ReadOnlySpan<char> stretch)
    {
        if (stretch.Length < MinLength)
        {
            return false;
        }

        var measure = Measure.Of(stretch);
        if (measure.Letters == 0)
        {
            return false;
        }

        if (measure.Digits == 0)
        {
            // Camel case changes its case twice in a word of five letters or more; a random one every other letter.
            return measure.Changes * 20 >= stretch.Length * 9;
        }

        return measure.Changes * 4 >= stretch.Length || (stretch.Length >= MinHexadecimalLength && measure.IsHexadecimal);
    }

    private static bool IsUuid(ReadOnlySpan<char> word) => word.Length == 36 && Guid.TryParseExact(word, "D", out _);

    // Base64 that has + or / at short distances, as the secret halves of AWS keys do.
    private static bool IsJoinedBase64(ReadOnlySpan<char> word)
    {
        var unpadded = word.TrimEnd('=');
        if (word.Length < AwsSecretLength || word.Length % 4 != 0 || !unpadded.ContainsAny(Base64Joints))
        {
            return false;
        }

        foreach (var character in unpadded)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('+' or '/'))
            {
                return false;
            }
        }

        var measure = Measure.Of(unpadded);
        return measure.Digits > 0 && measure.HasUpper && measure.HasLower && measure.Changes * 4 >= unpadded.Length;
    }

    private readonly record struct Measure(int Letters, int Digits, int Changes, bool IsHexadecimal, bool HasUpper, bool HasLower)
    {
        public static Measure Of(ReadOnlySpan<char> text)
        {
            int upper = 0, lower = 0, digits = 0, changes = 0;
            var isHexadecimal = true;
            var previous = Class.Other;
            foreach (var character in text)
            {
                var current = char.IsAsciiDigit(character) ? Class.Digit
                    : char.IsAsciiLetterUpper(character) ? Class.Upper
                    : char.IsAsciiLetterLower(character) ? Class.Lower
                    : Class.Other;
                changes += previous != Class.Other && current != previous ? 1 : 0;
                upper += current == Class.Upper ? 1 : 0;
                lower += current == Class.Lower ? 1 : 0;
                digits += current == Class.Digit ? 1 : 0;
                isHexadecimal &= char.IsAsciiHexDigit(character);
                previous = current;
            }

            return new Measure(upper + lower, digits, changes, isHexadecimal, upper > 0, lower > 0);
        }

        private enum Class
        {
            Other,
            Upper,
            Lower,
            Digit,
        }
    }
}
