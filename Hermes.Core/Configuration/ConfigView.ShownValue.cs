using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Hermes.Core.Configuration;

internal sealed partial class ConfigView
{
    /// <summary>Decides of names and values of a configuration whether they may be shown.</summary>
    /// <param name="secrets">What is a secret elsewhere in the same file.</param>
    private sealed partial class ShownValue(HiddenTexts secrets)
    {
        private const int MaxNameLength = 128;
        private const int MaxKeyLength = 64;
        private const int MaxIdLength = 64;
        private const int MaxBlanks = 5;
        private const int MaxKeyBlanks = 2;

        /// <summary>A scalar as it may be shown: null, a boolean, a number or a text; the mark where it may not.</summary>
        public object? Of(object? value, KeyType type) => (type, value) switch
        {
            (_, null or bool) => value,
            (KeyType.Int or KeyType.Float, long number) when !secrets.AreIn(TextOf(number)) => number,
            (KeyType.Float, double) => Number(value),
            (KeyType.Any, long or double or BigInteger) when !secrets.AreIn(TextOf(value)) => Number(value),
            (KeyType.Any, byte[] bytes) => Binary(bytes),
            (KeyType.Any or KeyType.Name, DateOnly or DateTime or DateTimeOffset) => TextOf(value),
            (_, string text) => Text(text, type),
            _ => SecretText.Mark,
        };

        /// <summary>A text as it may be shown under a key of a type; null stays null.</summary>
        public string? Text(string? text, KeyType type)
        {
            if (text is null || text.Length == 0 || SecretText.IsVariable(text))
                return text;

            if (secrets.AreIn(text))
                return SecretText.Mark;

            return type switch
            {
                KeyType.Url => ShownUrl.Of(text) ?? SecretText.Mark,
                KeyType.Text or KeyType.Any => SecretText.Redact(text),
                KeyType.Name => IsName(text, MaxNameLength, MaxBlanks) ? text : SecretText.Mark,
                KeyType.Id => IsId(text) ? text : SecretText.Mark,
                _ => SecretText.Mark,
            };
        }

        /// <summary>Whether the name of a key may be shown: it is no token, address, number or sentence.</summary>
        public bool IsKey(object? key) => key switch
        {
            null or bool or DateOnly or DateTime or DateTimeOffset => true,
            byte[] => false,
            string { Length: 0 } => true,
            _ => TextOf(key) is var text && IsName(text, MaxKeyLength, MaxKeyBlanks) && !text.Contains('@') && !IsPin(text) && !IsAddress(text) && !secrets.AreIn(text),
        };

        private static bool IsPin(string text) => text.Length > 3 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

        private static bool IsAddress(string text) =>
            text.Contains("//", StringComparison.Ordinal) || (text.AsSpan().ContainsAny('.', ':') && text.Count(character => character is '.' or ':') > 2 && IPAddress.TryParse(text, out _));

        // One that has blanks is words of people, not a service's.
        private static bool IsId(string text) =>
            text.Length <= MaxIdLength && Id.IsMatch(text) && !SecretShape.IsService(text) && (!text.Contains(' ') || SecretText.Redact(text) == text);

        private static bool IsName(string text, int maxLength, int maxBlanks)
        {
            var written = VariableInName.Replace(text, "x");
            return written.Length <= maxLength
                && Name.IsMatch(written)
                && written.Count(character => character == ' ') <= maxBlanks
                && !LongNumber.IsMatch(written)
                && !SecretShape.HasToken(written)
                && SecretText.Redact(written) == written;
        }

        private static object Number(object value) => value is double number && !double.IsFinite(number) ? TextOf(value) : value;

        private string Binary(byte[] bytes)
        {
            var text = Encoding.UTF8.GetString(bytes);
            return text.Contains('\uFFFD') || secrets.AreIn(text) || secrets.AreIn(TextOf(bytes)) || SecretText.Redact(text) != text
                ? SecretText.Mark
                : TextOf(bytes);
        }

        // Passwords have other marks than names.
        [GeneratedRegex(@"^[\p{L}\p{M}\p{N}\-_./:@~#,()+'\\&]+(?: [\p{L}\p{M}\p{N}\-_./:@~#,()+'\\&]+)*\z")]
        private static partial Regex Name { get; }

        [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]{0,60}\}|\$[A-Z_][A-Z0-9_]{0,60}")]
        private static partial Regex VariableInName { get; }

        // Of a card, an account, a phone: no year, no version, no time.
        [GeneratedRegex(@"^(?![0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}:[0-9]{2})[+-]?(?:[0-9][ _:/+-]?){9,}(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]+)?\z")]
        private static partial Regex LongNumber { get; }

        [GeneratedRegex(@"^[\p{L}\p{N}_.:/-]+(?: [\p{L}\p{N}_.:/()-]+)*\z")]
        private static partial Regex Id { get; }
    }
}
