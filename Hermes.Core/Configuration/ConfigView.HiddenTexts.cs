using System.Buffers;
using System.Numerics;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

internal sealed partial class ConfigView
{
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
