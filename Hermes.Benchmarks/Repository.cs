namespace Hermes.Benchmarks;

/// <summary>Where this program is, and what it was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string ThisProgram { get; } = Path.Join(AppContext.BaseDirectory, "Hermes.Benchmarks");

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "Hermes.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("Hermes.sln lies in no folder above this program: run it with dotnet run from the repository.");
    }
}
