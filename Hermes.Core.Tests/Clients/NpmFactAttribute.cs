using System.Diagnostics;

namespace Hermes.Core.Tests.Clients;

/// <summary>A fact that needs Node.js and npm; skipped, with that reason, where they are absent. With CI=true it runs, and fails.</summary>
internal sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute() => Skip = IsContinuousIntegration || (Runs("node") && Runs("npm")) ? null : "Node.js and npm are not on this machine.";

    private static bool IsContinuousIntegration =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    private static bool Runs(string command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, "--version") { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
