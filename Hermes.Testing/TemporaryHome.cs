using Hermes.Core;

namespace Hermes.Testing;

/// <summary>A fresh, empty home in the machine's folder for temporary files, removed on disposal.</summary>
/// <remarks>Each has its own folder, so tests that use one each can run at the same time.</remarks>
public sealed class TemporaryHome : IDisposable
{
    /// <summary>Creates the folder, readable by its owner alone.</summary>
    public TemporaryHome() => Home = new HermesHome(Directory.CreateTempSubdirectory("hermes-").FullName);

    /// <summary>The home.</summary>
    public HermesHome Home { get; }

    /// <summary>The home's absolute path.</summary>
    public string Path => Home.Path;

    /// <summary>Writes a file of the home, with the folders above it.</summary>
    /// <param name="relativePath">The path in the home, with <c>/</c>.</param>
    /// <param name="text">The text, written as UTF-8 without a byte order mark.</param>
    /// <returns>This home, so that calls can be chained.</returns>
    public TemporaryHome Write(string relativePath, string text)
    {
        var path = System.IO.Path.Join(Path, relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>Removes the folder and everything in it.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody was faster: gone is what was wanted.
        }
    }
}
