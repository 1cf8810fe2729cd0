namespace Hermes.Core.Yaml;

/// <summary>A YAML mapping: keys of any kind, in the order in which the file has them. A repeated key keeps its place and takes the last value.</summary>
internal sealed class YamlMapping
{
    private readonly OrderedDictionary<object, object?> _entries = new();
    private readonly object _nullKey = new();

    public YamlMapping(params IEnumerable<(object? Key, object? Value)> entries)
    {
        foreach (var (key, value) in entries)
            _entries[key ?? _nullKey] = value;
    }

    /// <summary>The entries in order. A null key is given as null.</summary>
    public IEnumerable<(object? Key, object? Value)> Entries => _entries.Select(entry => (entry.Key == _nullKey ? null : entry.Key, entry.Value));

    public int Count => _entries.Count;
    /// <summary>The value of a text key; null where the key is missing or its value is null.</summary>
    public object? this[string key] => _entries.GetValueOrDefault(key);

    public bool TryGet(object? key, out object? value) => _entries.TryGetValue(key ?? _nullKey, out value);
    public bool Contains(object? key) => _entries.ContainsKey(key ?? _nullKey);

    /// <summary>Whether two loaded values mean the same: values of the same type and content, whatever the order of a mapping's keys.</summary>
    public static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        _ when ReferenceEquals(one, other) => true,
        (YamlMapping left, YamlMapping right) =>
            left.Count == right.Count && left.Entries.All(entry => right.TryGet(entry.Key, out var value) && AreEqual(entry.Value, value)),
        (List<object?> left, List<object?> right) => left.Count == right.Count && left.Zip(right).All(pair => AreEqual(pair.First, pair.Second)),
        (HashSet<object?> left, HashSet<object?> right) => left.SetEquals(right),
        (byte[] left, byte[] right) => left.AsSpan().SequenceEqual(right),
        _ => Equals(one, other),
    };
}
