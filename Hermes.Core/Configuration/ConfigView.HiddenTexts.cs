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

        private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
        private readonly HashSet<(object Collection, bool IsSecret)> _seen = [];
        private readonly SearchValues<string>? _search;

        public HiddenTexts(YamlMapping root)
        {
            Collect(root, isSecret: false);
            _search = _texts.Count > 0 ? SearchValues.Create([.. _texts], StringComparison.Ordinal) : null;
            _seen.Clear();
        }

        /// <summary>Whether a text is one of them, or has one in it.</summary>
        public bool AreIn(string text) => _search is not null && text.AsSpan().ContainsAny(_search);

        /// <summary>Whether what follows an item in a list is a secret: <c>["--token", VALUE]</c>.</summary>
        public static bool IsFlag(object? item) => item is string text && text.StartsWith('-') && !text.Contains('=') && IsSecretName(text);

        private void Collect(object? value, bool isSecret, bool isInList = false)
        {
            switch (value)
            {
                case YamlMapping or List<object?> or HashSet<object?> when !_seen.Add((value, isSecret)):
                    break;
                case YamlMapping mapping:
                    CollectEntries(mapping, isSecret);
                    break;
                case List<object?> { Count: 2 } pair when isInList && IsSecretName(pair[0]):
                    // What an ordered mapping becomes.
                    Collect(pair[1], isSecret: true);
                    break;
                case IEnumerable<object?> items:
                    object? previous = null;
                    foreach (var item in items)
                    {
                        Collect(item, isSecret || IsFlag(previous), isInList: true);
                        previous = item;
                    }

                    break;
                case string text when isSecret && !SecretText.IsVariable(text.Trim()):
                    foreach (var line in (IEnumerable<string>)[text, .. text.Split('\n'), .. WithoutScheme(text)])
                        Add(line.Trim());

                    break;
                case long or BigInteger when isSecret:
                    Add(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                    break;
                case byte[] bytes when isSecret:
                    Add(Convert.ToBase64String(bytes));
                    Add(Encoding.UTF8.GetString(bytes).Trim());
                    break;
            }
        }

        private void CollectEntries(YamlMapping mapping, bool isSecret)
        {
            // {name: API_KEY, value: VALUE}
            var isPair = mapping.Count is > 1 and <= MaxPairEntries && mapping.Entries.Any(entry => entry.Key is string key && PairKeys.Contains(key) && IsSecretName(entry.Value));
            foreach (var (key, value) in mapping.Entries)
            {
                var isOwn = key is string name && SecretNames.IsSecret(name) && value is not bool;
                Collect(value, isSecret || isOwn || (isPair && !IsSecretName(value) && key is not ("base_url" or "model" or "provider" or "type" or "api_mode")));
            }
        }

        private static bool IsSecretName(object? value) => value is string { Length: > 0 and <= MaxNameLength } name && !name.Contains(' ') && SecretNames.IsSecret(name);

        // "Bearer VALUE"
        private static IEnumerable<string> WithoutScheme(string text) =>
            text.Split(' ', 2, StringSplitOptions.TrimEntries) is [var scheme, var rest] && scheme.ToLowerInvariant() is "bearer" or "basic" or "token" ? [rest] : [];

        private void Add(string text)
        {
            if (text.Length >= MinLength)
                _texts.Add(text);
        }
    }
}
