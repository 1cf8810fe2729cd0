namespace Hermes.Core.Yaml;

/// <summary>Compares loaded values, whatever the order of a mapping's keys.</summary>
internal static class YamlEquality
{
    /// <summary>Whether both mean the same: values of the same type and content.</summary>
    public static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        _ when ReferenceEquals(one, other) => true,
        (YamlMapping left, YamlMapping right) =>
            left.Count == right.Count && left.Entries.All(entry => right.TryGet(entry.Key, out var value) && AreEqual(entry.Value, value)),
        (List<object?> left, List<object?> right) =>
            left.Count == right.Count && left.Zip(right).All(pair => AreEqual(pair.First, pair.Second)),
        (HashSet<object?> left, HashSet<object?> right) => left.SetEquals(right),
        (byte[] left, byte[] right) => left.AsSpan().SequenceEqual(right),
        _ => Equals(one, other),
    };
}
