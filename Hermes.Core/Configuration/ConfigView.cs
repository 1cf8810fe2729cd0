using System.Buffers;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;
using Hermes.Core.Yaml;
using KeyType = Hermes.Core.Configuration.KnownKeys.KeyType;

namespace Hermes.Core.Configuration;

/// <summary>Writes of a configuration what may be shown, as JSON: what is known to be harmless, and the mark in place of everything else.</summary>
/// <remarks>Mappings and lists are entered everywhere, so that one sees what there is; a secret's own key is left out.</remarks>
/// <param name="root">The whole file: what is a secret anywhere in it is shown nowhere.</param>
internal sealed partial class ConfigView(YamlMapping root)
{
    // More than any configuration has. A few kilobytes of aliases can stand for any number of bytes.
    private const int MaxBytes = 4 * 1024 * 1024;

    private const string ApiKeyFlag = "has_api_key";
    private const int MaxNameLength = 128, MaxKeyLength = 64, MaxIdLength = 64, MaxBlanks = 5, MaxKeyBlanks = 2;
    private readonly HiddenTexts _secrets = new(root);

    /// <summary>Writes the entry of a section, where the file has it, as far as the keys may be shown.</summary>
    /// <exception cref="ConfigUnreadableException">What is written is larger than an answer may be.</exception>
    public void WriteSection(Utf8JsonWriter writer, string section, KnownKeys keys)
    {
        if (root.Contains(section))
        {
            writer.WritePropertyName(section);
            Write(writer, root[section], keys.Root.Of(section));
        }
    }

    /// <summary>Which model is in effect, as it may be shown.</summary>
    public EffectiveModel ShowEffectiveModel()
    {
        var choice = ProviderChoice.Of(root);
        return new(ShowName(choice.Model), ShowName(choice.Provider), Show(choice.BaseUrl, KeyType.Url), ShowName(choice.ApiMode));
    }

    /// <summary>A name out of the configuration, as it may be shown.</summary>
    public string? ShowName(string? name) => Show(name, KeyType.Name);

    private void Write(Utf8JsonWriter writer, object? value, KnownKeys.Place place)
    {
        if (value is YamlMapping mapping)
            WriteMapping(writer, mapping, place);
        else if (value is IEnumerable<object?> items)
            WriteList(writer, items, place);
        else
            WriteScalar(writer, Show(value, place.Type));

        if (writer.BytesCommitted + writer.BytesPending > MaxBytes)
            throw new ConfigUnreadableException($"it is larger than {MaxBytes / 1024 / 1024} MiB where every alias is written out");
    }

    private void WriteMapping(Utf8JsonWriter writer, YamlMapping mapping, KnownKeys.Place place)
    {
        // Keys of different kinds can have the same text ("1" and 1): as with a repeated key, the last one wins.
        var entries = new OrderedDictionary<string, (object? Value, KnownKeys.Place Place)>(mapping.Count);
        var hidden = 0;
        var hasApiKey = false;
        foreach (var (key, value) in mapping.Entries)
        {
            var name = TextOf(key);
            if (IsSecret(name, value, place))
            {
                hasApiKey |= SecretNames.IsApiKey(name) && value is not (null or "" or YamlMapping { Count: 0 } or List<object?> { Count: 0 });
                continue;
            }

            var shown = place.Names(name) || IsShownKey(key) ? name : hidden++ == 0 ? SecretText.Mark : $"[hidden {hidden}]";
            entries[shown] = (value, place.Of(name));
        }

        writer.WriteStartObject();
        foreach (var (name, entry) in entries.Where(entry => !hasApiKey || entry.Key != ApiKeyFlag))
        {
            writer.WritePropertyName(name);
            Write(writer, entry.Value, entry.Place);
        }

        if (hasApiKey)
            writer.WriteBoolean(ApiKeyFlag, true);

        writer.WriteEndObject();
    }

    // What has a secret's name and is a boolean, a reference to a variable, or a mapping with keys that are known, is none.
    private static bool IsSecret(string name, object? value, KnownKeys.Place place) =>
        !place.Names(name) && SecretNames.IsSecret(name) && value is not bool
        && !(value is string text && SecretText.IsVariable(text))
        && !(value is YamlMapping && place.Of(name).HasKeys);

    private void WriteList(Utf8JsonWriter writer, IEnumerable<object?> items, KnownKeys.Place place)
    {
        var elements = place.OfElements();
        object? previous = null;
        writer.WriteStartArray();
        foreach (var item in items)
        {
            // ["--token", VALUE]
            if (item is string && HiddenTexts.IsFlag(previous))
                WriteScalar(writer, SecretText.Mark);
            else
                Write(writer, item, place.Type is KeyType.Any && item is not (YamlMapping or IEnumerable<object?>) ? place : elements);

            previous = item;
        }

        writer.WriteEndArray();
    }

    private static void WriteScalar(Utf8JsonWriter writer, object? value)
    {
        if (value is string text)
            writer.WriteStringValue(text);
        else
            writer.WriteRawValue(TextOf(value), skipInputValidation: true);
    }

    // A scalar as it may be shown: null, a boolean, a number or a text; the mark where it may not.
    private object? Show(object? value, KeyType type) => (type, value) switch
    {
        (_, null or bool) => value,
        (_, string text) => Show(text, type),
        (KeyType.Int or KeyType.Float, long) when !_secrets.AreIn(TextOf(value)) => value,
        (KeyType.Float, double) => Number(value),
        (KeyType.Any, long or double or BigInteger) when !_secrets.AreIn(TextOf(value)) => Number(value),
        (KeyType.Any, byte[] bytes) => Binary(bytes),
        (KeyType.Any or KeyType.Name, DateOnly or DateTime or DateTimeOffset) => TextOf(value),
        _ => SecretText.Mark,
    };

    private string? Show(string? text, KeyType type) => type switch
    {
        _ when string.IsNullOrEmpty(text) || SecretText.IsVariable(text) => text,
        _ when _secrets.AreIn(text) => SecretText.Mark,
        KeyType.Url => ShownUrl.Of(text) ?? SecretText.Mark,
        KeyType.Text or KeyType.Any => SecretText.Redact(text),
        KeyType.Name when IsName(text, MaxNameLength, MaxBlanks) => text,
        KeyType.Id when IsId(text) => text,
        _ => SecretText.Mark,
    };

    // The name of a key may be shown where it is no token, address, number or sentence.
    private bool IsShownKey(object? key) => key switch
    {
        null or bool or DateOnly or DateTime or DateTimeOffset or "" => true,
        byte[] => false,
        _ => TextOf(key) is var text
            && IsName(text, MaxKeyLength, MaxKeyBlanks) && !text.Contains('@') && !(text.Length > 3 && text.All(char.IsAsciiDigit)) && !IsAddress(text)
            && !_secrets.AreIn(text),
    };

    private static bool IsAddress(string text) =>
        text.Contains("//", StringComparison.Ordinal) || (text.Count(character => character is '.' or ':') > 2 && IPAddress.TryParse(text, out _));

    // One that has blanks is words of people, not a service's.
    private static bool IsId(string text) =>
        text.Length <= MaxIdLength && Id.IsMatch(text) && !SecretText.IsService(text) && (!text.Contains(' ') || SecretText.Redact(text) == text);

    private static bool IsName(string text, int maxLength, int maxBlanks)
    {
        var written = VariableInName.Replace(text, "x");
        return written.Length <= maxLength && Name.IsMatch(written) && written.Count(character => character == ' ') <= maxBlanks
            && !LongNumber.IsMatch(written) && !SecretText.HasToken(written) && SecretText.Redact(written) == written;
    }

    private static object Number(object value) => value is double number && !double.IsFinite(number) ? TextOf(value) : value;

    private string Binary(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var isSecret = text.Contains('\uFFFD') || _secrets.AreIn(text) || _secrets.AreIn(TextOf(bytes)) || SecretText.Redact(text) != text;
        return isSecret ? SecretText.Mark : TextOf(bytes);
    }

    // In the way of Python's json where that has one: dates are ISO 8601, binary is base64, a float stays one (1.0).
    private static string TextOf(object? value) => value switch
    {
        null => "null",
        bool boolean => boolean ? "true" : "false",
        string text => text,
        double number when number.ToString(CultureInfo.InvariantCulture) is var digits =>
            !double.IsFinite(number) || digits.AsSpan().ContainsAny('.', 'E') ? digits : $"{digits}.0",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

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

    /// <summary>The texts that stand under a secret's own key anywhere in a configuration, so that they are shown nowhere else either.</summary>
    private sealed class HiddenTexts
    {
        // Shorter ones are parts of other words.
        private const int MinLength = 8;
        private const int MaxPairEntries = 3, MaxNameLength = 40;
        private static readonly HashSet<string> PairKeys =
            new(StringComparer.OrdinalIgnoreCase) { "name", "key", "k", "header", "field", "variable", "var", "env", "id", "label", "nombre", "nom" };

        private readonly HashSet<(object Collection, bool IsSecret)> _seen = [];
        private readonly SearchValues<string> _search;

        public HiddenTexts(YamlMapping root)
        {
            var texts = Find(root, isSecret: false).Select(text => text.Trim()).Where(text => text.Length >= MinLength);
            _search = SearchValues.Create([.. texts.Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);
            _seen.Clear();
        }

        /// <summary>Whether a text is one of them, or has one in it.</summary>
        public bool AreIn(string text) => text.AsSpan().ContainsAny(_search);
        /// <summary>Whether what follows an item in a list is a secret: <c>["--token", VALUE]</c>.</summary>
        public static bool IsFlag(object? item) => item is string text && text.StartsWith('-') && !text.Contains('=') && IsSecretName(text);

        private IEnumerable<string> Find(object? value, bool isSecret, bool isInList = false) => value switch
        {
            YamlMapping or List<object?> or HashSet<object?> when !_seen.Add((value, isSecret)) => [],
            YamlMapping mapping => FindInEntries(mapping, isSecret),

            // What an ordered mapping becomes.
            List<object?> { Count: 2 } pair when isInList && IsSecretName(pair[0]) => Find(pair[1], isSecret: true),
            IEnumerable<object?> items => items.Zip(items.Prepend(null), (item, previous) => Find(item, isSecret || IsFlag(previous), isInList: true))
                .SelectMany(texts => texts),
            string text when isSecret && !SecretText.IsVariable(text.Trim()) => [text, .. text.Split('\n'), .. WithoutScheme(text)],
            long or BigInteger when isSecret => [Convert.ToString(value, CultureInfo.InvariantCulture)!],
            byte[] bytes when isSecret => [Convert.ToBase64String(bytes), Encoding.UTF8.GetString(bytes)],
            _ => [],
        };

        private IEnumerable<string> FindInEntries(YamlMapping mapping, bool isSecret)
        {
            // {name: API_KEY, value: VALUE}
            var isPair = mapping.Count is > 1 and <= MaxPairEntries && mapping.Entries.Any(entry => entry.Key is string key && PairKeys.Contains(key) && IsSecretName(entry.Value));
            return mapping.Entries.SelectMany(entry => Find(entry.Value, isSecret || IsOwn(entry.Key, entry.Value) || (isPair && IsOther(entry.Key, entry.Value))));
        }

        private static bool IsOwn(object? key, object? value) => key is string name && SecretNames.IsSecret(name) && value is not bool;
        private static bool IsOther(object? key, object? value) => !IsSecretName(value) && key is not ("base_url" or "model" or "provider" or "type" or "api_mode");
        private static bool IsSecretName(object? value) => value is string { Length: > 0 and <= MaxNameLength } name && !name.Contains(' ') && SecretNames.IsSecret(name);

        // "Bearer VALUE"
        private static IEnumerable<string> WithoutScheme(string text) =>
            text.Split(' ', 2, StringSplitOptions.TrimEntries) is [var scheme, var rest] && scheme.ToLowerInvariant() is "bearer" or "basic" or "token" ? [rest] : [];
    }
}
