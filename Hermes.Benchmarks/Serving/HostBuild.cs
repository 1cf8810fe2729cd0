using System.Runtime.InteropServices;

namespace Hermes.Benchmarks.Serving;

/// <summary>The host, published as its users would.</summary>
/// <param name="Name">How it was published.</param>
/// <param name="Program">What to start.</param>
/// <param name="Arguments">What to start it with.</param>
/// <param name="Bytes">What the published files take on the disk, without symbols.</param>
internal sealed record HostBuild(string Name, string Program, string[] Arguments, long Bytes)
{
    public const string NativeAot = "Native AOT";

    /// <summary>Publishes for the JIT.</summary>
    public static async Task<HostBuild> PublishAsync()
    {
        var folder = Folder("jit");
        var (exitCode, output) = await Command.RunAsync("dotnet", ["publish", Project, "-c", "Release", "-o", folder]);
        return exitCode == 0
            ? new HostBuild("JIT", "dotnet", [Path.Join(folder, "Hermes.Host.dll")], SizeOf(folder))
            : throw new InvalidOperationException($"The host cannot be published:\n{output}");
    }

    /// <summary>Publishes as one native program.</summary>
    /// <returns>Null, and why, where that does not work here.</returns>
    public static async Task<(HostBuild? Build, string? Problem)> PublishNativeAsync()
    {
        if (!Command.Exists("clang")) return (null, "clang is missing: apt-get install clang zlib1g-dev");

        var folder = Folder("aot");
        var (exitCode, output) = await Command.RunAsync(
            "dotnet", ["publish", Project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true", "-o", folder]);
        return exitCode == 0
            ? (new HostBuild(NativeAot, Path.Join(folder, "Hermes.Host"), [], SizeOf(folder)), null)
            : (null, output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))?.Trim() ?? $"exit code {exitCode}");
    }

    private static string Project => Path.Join(Repository.Root, "Hermes.Host");

    private static string Folder(string name) => Path.Join(AppContext.BaseDirectory, "host", name);

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.Extension is not (".pdb" or ".dbg" or ".xml"))
        .Sum(file => file.Length);
}
