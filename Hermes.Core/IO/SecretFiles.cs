namespace Hermes.Core.IO;

/// <summary>Knows the files that no answer shows, whatever name or link leads to them. Safe for use from any thread.</summary>
internal sealed class SecretFiles(string environmentFile, IFileSystem fileSystem)
{
    // What is copied to become an .env file has no secrets yet.
    private static readonly string[] Templates = [".env.example", ".env.sample", ".env.template", ".env.dist"];

    /// <summary>Whether a path names, or leads through links to, a file called <c>.env</c> or <c>.env.*</c> (templates apart), or is a hard link to the home's <c>.env</c>.</summary>
    public bool Contains(string path, FileStatus status)
    {
        // A link in a folder's place gives a file no other name.
        var name = FileErrors.Ignore(() => fileSystem.File.ResolveLinkTarget(path, returnFinalTarget: true)?.Name, otherwise: null)
            ?? fileSystem.Path.GetFileName(path);
        var isEnvironment = name == ".env" || (name.StartsWith(".env.", StringComparison.Ordinal) && !Templates.Contains(name));
        return isEnvironment || (status.Identity != 0 && FileStatus.Find(fileSystem, environmentFile)?.Identity == status.Identity);
    }
}
