using System.Diagnostics.CodeAnalysis;

namespace Hermes.Core;

/// <summary>The folder that a Hermes agent keeps its state in, and where in it each thing lies.</summary>
/// <remarks>
/// Nothing in it has to exist: an empty folder is a valid home. A live Python agent may use the same home at the
/// same time. Immutable and safe for use from any thread.
/// </remarks>
public sealed class HermesHome
{
    /// <summary>The environment variable that names the home where nothing else does.</summary>
    public const string EnvironmentVariable = "HERMES_HOME";

    /// <summary>Takes <paramref name="path"/> as the home; a leading <c>~</c> is the user's folder.</summary>
    /// <param name="path">An absolute path, a path relative to the working folder, or one that starts with <c>~</c>.</param>
    /// <exception cref="ArgumentException">The path is empty. Leave it out to get <see cref="Resolve"/>'s default.</exception>
    public HermesHome(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.GetFullPath(ExpandTilde(path));
    }

    /// <summary>The home's absolute path.</summary>
    public string Path { get; }

    /// <summary>The SQLite file with sessions and messages.</summary>
    public string StateDatabase => System.IO.Path.Join(Path, "state.db");

    /// <summary>The folder of <c>MEMORY.md</c> and <c>USER.md</c>.</summary>
    public string MemoriesFolder => System.IO.Path.Join(Path, "memories");

    /// <summary>The folder below which every <c>SKILL.md</c> is a skill.</summary>
    public string SkillsFolder => System.IO.Path.Join(Path, "skills");

    /// <summary>The agent's configuration.</summary>
    public string ConfigFile => System.IO.Path.Join(Path, "config.yaml");

    /// <summary>The agent's secrets. Nothing of it is ever read into an answer.</summary>
    public string EnvironmentFile => System.IO.Path.Join(Path, ".env");

    /// <summary>The folder of transcript files that some agents write beside the database.</summary>
    public string SessionsFolder => System.IO.Path.Join(Path, "sessions");

    /// <summary>Finds the home: <paramref name="configured"/>, else <c>HERMES_HOME</c>, else <c>~/.hermes</c>.</summary>
    /// <param name="configured">What the application says; null or blank when it says nothing.</param>
    public static HermesHome Resolve(string? configured = null)
    {
        if (IsGiven(configured)) return new HermesHome(configured);

        var fromEnvironment = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return new HermesHome(IsGiven(fromEnvironment) ? fromEnvironment : "~/.hermes");
    }

    /// <inheritdoc/>
    public override string ToString() => Path;

    internal static string ExpandTilde(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? System.IO.Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[1..])
            : path;

    private static bool IsGiven([NotNullWhen(true)] string? value) => !string.IsNullOrWhiteSpace(value);
}
