using System.IO.Abstractions;
using Hermes.Core.IO;

namespace Hermes.Core.Configuration;

/// <summary>The variables of a home's <c>.env</c>, which never come into an answer.</summary>
/// <remarks>Read at each call; safe from any thread.</remarks>
internal sealed class HomeVariables(HermesHome home, IFileSystem fileSystem)
{
    private const long MaxLength = 1024 * 1024;

    /// <summary>The variables by name; none where there is no file.</summary>
    /// <exception cref="IOException">The file cannot be read, is no regular file, or larger than 1 MiB.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public IReadOnlyDictionary<string, string> Read()
    {
        try
        {
            return FileStatus.FindRegularFile(fileSystem, home.EnvironmentFile) switch
            {
                { Length: > MaxLength } => throw new IOException("It is larger than 1 MiB."),
                { Length: > 0 } => DotEnv.Parse(fileSystem.File.ReadAllText(home.EnvironmentFile), Environment.GetEnvironmentVariable),
                _ => new Dictionary<string, string>(),
            };
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Gone meanwhile.
            return new Dictionary<string, string>();
        }
    }
}
