using System.Diagnostics;

namespace Hermes.Core.Tests.Support;

/// <summary>A pipe with a name: whoever opens it for reading waits until somebody writes.</summary>
internal static class NamedPipe
{
    /// <summary>Makes one. Not on Windows.</summary>
    public static void Create(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
    }
}
