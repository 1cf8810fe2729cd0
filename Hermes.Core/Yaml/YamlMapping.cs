namespace Hermes.Core.Yaml;

/// <summary>A YAML mapping: keys of any kind, in the order in which the file has them. A repeated key keeps its place and takes the last value.</summary>
internal sealed class YamlMapping
{
    private readonly OrderedDictionary<object, object?> _entries = new();
    private readonly object _nullKey = new();

    /// <summary>The entries in order. A null key is given as null.</summary>
    public IEnumerable<(object? Key, object? Value)> Entries =>
        _entries.Select(entry => (entry.Key == _nullKey ? null : entry.Key, entry.Value));

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The value of a text key; null where the key is missing or its value is null.</summary>
    public object? this[string key] => _entries.GetValueOrDefault(key);

    /// <summary>Sets a value; an existing key keeps its place.</summary>
    public void Set(object? key, object? value) => _entries[key ?? _nullKey] = value;

    /// <summary>The value of a key of any kind.</summary>
    /// <returns>Whether the mapping has the key.</returns>
    public bool TryGet(object? key, out object? value) => _entries.TryGetValue(key ?? _nullKey, out value);

    /// <summary>Whether the mapping has the key.</summary>
    public bool Contains(object? key) => _entries.ContainsKey(key ?? _nullKey);
}
