using System.Globalization;
using System.Text;

namespace Hermes.Core.Configuration;

/// <summary>A provider's key and where it is configured.</summary>
/// <param name="Value">The key.</param>
/// <param name="Place">The setting that has it, fit to begin a sentence.</param>
internal sealed record ProviderKey(string Value, string Place)
{
    /// <summary>The key of a section: written out, or by the name of a variable. A variable that is not set is no key.</summary>
    /// <param name="section">The section <c>model</c>, or a provider's entry.</param>
    /// <param name="place">What the section is called.</param>
    /// <param name="variable">The value of a variable; null for none.</param>
    public static ProviderKey? Of(ConfigSection? section, string place, Func<string, string?> variable) =>
        section?["api_key"] is { } key && !key.Contains("${", StringComparison.Ordinal) ? new ProviderKey(key, $"api_key in {place}")
        : (section?["key_env"] ?? section?["api_key_env"]) is { } name && ConfigSection.Given(variable(name)) is { } value
            ? new ProviderKey(value, $"The variable that key_env names in {place}")
        : null;

    /// <summary>The key of a provider that the agent knows by itself.</summary>
    public static ProviderKey? Of(KnownProvider? known, Func<string, string?> variable) =>
        known is not null && ConfigSection.Given(variable(known.KeyVariable)) is { } value ? new ProviderKey(value, known.KeyVariable) : null;

    /// <summary>The key, if a request can carry it.</summary>
    /// <remarks>Without this, a character that nobody sees would be sent as something else, or not at all, and the provider would say "wrong key".</remarks>
    /// <exception cref="ProviderConfigurationException">It has invisible characters, or others than ASCII.</exception>
    public string ToSendable() => FaultOf(Value) is { } fault ? throw new ProviderConfigurationException($"{Place} {fault}") : Value;

    /// <summary>What is wrong with a key, fit to follow upon its name; null where nothing is.</summary>
    public static string? FaultOf(string key)
    {
        var index = key.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (index < 0)
        {
            return null;
        }

        var rune = Rune.TryGetRuneAt(key, index, out var found) ? found.Value : key[index];
        return string.Create(
            CultureInfo.InvariantCulture, $"has a character that no request can carry, U+{rune:X4} as number {index + 1} of {key.Length}: copy the key again");
    }
}
