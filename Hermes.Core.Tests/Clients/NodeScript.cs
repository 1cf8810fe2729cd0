using System.Diagnostics;
using System.Text.Json;
using Hermes.Testing;

namespace Hermes.Core.Tests.Clients;

/// <summary>A script of this folder, run by Node.js with packages of npm in a folder that is removed at the end.</summary>
internal static class NodeScript
{
    /// <summary>Runs a script, and gives the JSON that it prints.</summary>
    /// <param name="name">The script's file name.</param>
    /// <param name="packages">The packages that it needs, with exact versions.</param>
    /// <param name="arguments">What it is started with.</param>
    public static async Task<JsonElement> RunAsync(string name, IReadOnlyDictionary<string, string> packages, params string[] arguments)
    {
        using var folder = new TemporaryHome();
        folder.Write("package.json", JsonSerializer.Serialize(new { @private = true, dependencies = packages }));
        await ProcessAsync(folder.Path, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts");
        var script = Path.Join(folder.Path, name);
        File.Copy(Path.Join(AppContext.BaseDirectory, "Clients", name), script);
        return JsonDocument.Parse(await ProcessAsync(folder.Path, "node", [script, .. arguments])).RootElement;
    }

    private static async Task<string> ProcessAsync(string workingDirectory, string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command}: {output}{await errors}");
        return output;
    }
}
