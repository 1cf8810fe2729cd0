namespace Hermes.Benchmarks;

/// <summary>A folder for as long as it is needed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("hermes-benchmarks-").FullName;

    /// <summary>Writes a file, and gives its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Join(_path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
