namespace Hermes.Core.IO;

/// <summary>Knows the files that no answer shows, whatever name or link leads to them. Safe for use from any thread.</summary>
internal sealed class SecretFiles(string environmentFile, IFileSystem fileSystem)
{
    // What is copied to become an .env file has no secrets yet.
    private static readonly string[] Templates = [".env.example", ".env.sample", ".env.template", ".env.dist"];

    /// <summary>Whether a file, or what a link leads to, is the home's <c>.env</c>, of which hard links are known by their status, or another one that has such a name.</summary>
    public bool Contains(string path, FileStatus status)
    {
        var name = fileSystem.Path.GetFileName(RealPath.Resolve(fileSystem, fileSystem.Path.GetFullPath(path)));
        var isEnvironment = name == ".env" || (name.StartsWith(".env.", StringComparison.Ordinal) && !Templates.Contains(name));
        return isEnvironment || (status.Identity != 0 && FileStatus.Find(fileSystem, environmentFile)?.Identity == status.Identity);
    }
}
