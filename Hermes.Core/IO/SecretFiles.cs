namespace Hermes.Core.IO;

/// <summary>Knows the files that no answer shows, whatever name or link leads to them. Safe for use from any thread.</summary>
/// <param name="environmentFile">The home's <c>.env</c>, which need not exist.</param>
/// <param name="fileSystem">Where the files are.</param>
internal sealed class SecretFiles(string environmentFile, IFileSystem fileSystem)
{
    // What is copied to become an .env file has no secrets yet.
    private static readonly string[] Templates = [".env.example", ".env.sample", ".env.template", ".env.dist"];

    /// <summary>Whether a file is the home's <c>.env</c>, or another one that has such a name.</summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <param name="status">Its status, by which a hard link to the home's own is known.</param>
    public bool Contains(string path, FileStatus status)
    {
        var name = fileSystem.Path.GetFileName(RealPath.Resolve(fileSystem, fileSystem.Path.GetFullPath(path)));
        var isEnvironment = name == ".env" || (name.StartsWith(".env.", StringComparison.Ordinal) && !Templates.Contains(name));
        return isEnvironment || (status.Identity != 0 && FileStatus.Find(fileSystem, environmentFile)?.Identity == status.Identity);
    }
}
