namespace Hermes.Core.Configuration;

/// <summary>What is to change in <c>config.yaml</c>. Null leaves a value as it is.</summary>
public sealed record ConfigChange
{
    private const int MaxLength = 500;

    /// <summary>The model's name.</summary>
    public string? Model { get; init; }
    /// <summary>The provider's name, such as <c>openrouter</c> or <c>custom:NAME</c>.</summary>
    public string? Provider { get; init; }
    /// <summary>The address of the provider's API: http or https, without user info or secrets.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The same with its values trimmed, if they can be written.</summary>
    /// <exception cref="ConfigValueException">A value cannot be used; the message says why.</exception>
    internal ConfigChange Checked() => new() { Model = Check("model", Model), Provider = Check("provider", Provider), BaseUrl = Check("base_url", BaseUrl) };

    private static bool IsWithoutSecret(string field, string value) => field == "base_url"
        ? ShownUrl.Of(value) is { } shown && value.StartsWith(shown, StringComparison.Ordinal) && IsVersion(value[shown.Length..])
        : !SecretText.HasToken(value) && SecretText.Redact(value) == value;

    // The one query that addresses of models have by custom: ?api-version=2024-02-01
    private static bool IsVersion(string query) =>
        query.Length == 0 || (query.StartsWith("?api-version=", StringComparison.Ordinal) && !SecretText.HasToken(query.AsSpan("?api-version=".Length)));

    private static string? Check(string field, string? value)
    {
        if (value is null) return null;

        value = value.Trim();
        if (value.Length == 0) throw new ConfigValueException(field, "must not be empty");
        if (value.Length > MaxLength) throw new ConfigValueException(field, $"must not be longer than {MaxLength} characters");
        if (value.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned) || value.Contains('\uFFFD'))
        {
            throw new ConfigValueException(field, "must not have control characters, line breaks or invisible characters");
        }

        if (value.Contains(SecretText.Mark, StringComparison.OrdinalIgnoreCase))
            throw new ConfigValueException(field, $"has {SecretText.Mark}, which stands for a value that was not shown");

        // The agent would put a secret of its environment in, and send it to whatever address is set.
        if (value.Contains("${", StringComparison.Ordinal)) throw new ConfigValueException(field, "must not refer to a variable");
        if (field == "base_url" && ShownUrl.OriginOf(value) is null) throw new ConfigValueException(field, "must be an absolute http or https address");

        return IsWithoutSecret(field, value) ? value : throw new ConfigValueException(field, "must not hold a key, a password or user info");
    }
}
