namespace Hermes.Core.Skills;

/// <summary>The platforms that a skill can be limited to.</summary>
internal static class SkillPlatform
{
    /// <summary>The name of the platform that this process runs on; empty where skills have no name for it.</summary>
    public static string Current { get; } =
        OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "macos" : OperatingSystem.IsWindows() ? "windows" : "";

    /// <summary>Whether a skill for <paramref name="platforms"/> works on <paramref name="current"/>. Naming none means all.</summary>
    public static bool Includes(IReadOnlyList<string> platforms, string current) =>
        platforms.Count == 0 || platforms.Any(platform => Normalize(platform) == current);

    // Besides the documented names the reference accepts those of Python's sys.platform.
    private static string Normalize(string platform) => platform.Trim().ToLowerInvariant() switch
    {
        "darwin" => "macos",
        "win32" => "windows",
        var name => name,
    };
}
