using Hermes.Core.IO;

namespace Hermes.Core.Configuration;

/// <summary>The variables of a home's <c>.env</c>, where the agent's keys are. They never come into an answer of the API.</summary>
/// <remarks>
/// Read as the agent does (python-dotenv): <c>NAME=value</c>, with or without <c>export</c> and quotes; <c>${NAME}</c> stands for a variable above
/// it or of the process. The file is read at each call, so that a change of it needs no restart. Safe for use from any thread.
/// </remarks>
/// <param name="home">The home; its <c>.env</c> need not exist.</param>
/// <param name="fileSystem">Where the home lies.</param>
public sealed class HomeVariables(HermesHome home, IFileSystem fileSystem)
{
    private const long MaxLength = 1024 * 1024;

    /// <summary>Reads the variables by name, which are compared exactly; none where there is no file. A repeated one has its last value.</summary>
    /// <exception cref="IOException">The file cannot be read, is no regular file, or larger than 1 MiB: put a file of variables in its place.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read: allow the process to read it.</exception>
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
