namespace Hermes.Host;

/// <summary>A setting of this host.</summary>
/// <param name="Key">Its key, as on the command line.</param>
/// <param name="Variable">The environment variable in which the Python gateway has it; null where it has none.</param>
/// <param name="Takes">What can be written, for people.</param>
/// <param name="Meaning">What it says, and what holds where it says nothing.</param>
internal sealed record HostSetting(string Key, string? Variable, string Takes, string Meaning)
{
    /// <summary>Whether its elements have keys of their own: <c>Hermes:Api:CorsOrigins:0</c>.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether a key is this setting's, or an element's of it.</summary>
    public bool Covers(string key) =>
        key.Equals(Key, StringComparison.OrdinalIgnoreCase)
        || (IsList && key.StartsWith(Key + ":", StringComparison.OrdinalIgnoreCase) && !key.AsSpan(Key.Length + 1).ContainsAnyExceptInRange('0', '9'));
}
