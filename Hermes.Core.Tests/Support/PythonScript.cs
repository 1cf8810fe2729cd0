using System.Diagnostics;

namespace Hermes.Core.Tests.Support;

/// <summary>A Python process: the other side of a file that both worlds use.</summary>
internal sealed class PythonScript : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PythonScript(string script, string[] arguments)
    {
        var start = new ProcessStartInfo("python3")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-c", script, .. arguments])
            start.ArgumentList.Add(argument);

        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a script that goes on by itself, or talks by lines.</summary>
    public static PythonScript Start(string script, params string[] arguments) => new(script, arguments);

    /// <summary>Runs a script to its end and gives what it printed.</summary>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        using var python = new PythonScript(script, arguments);
        return await python.FinishAsync();
    }

    /// <summary>Runs SQL against a database file, as another process does.</summary>
    public static Task RunSqlAsync(string database, string sql) => RunAsync(
        """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        db.executescript(sys.argv[2])
        """,
        database,
        sql);

    /// <summary>Waits for the next line that the script prints.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(await _errors);

    /// <summary>Gives the script a line to go on with.</summary>
    public async Task WriteLineAsync(string line = "")
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Tells the script that no line follows.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for the script's end and gives what it printed since.</summary>
    public async Task<string> FinishAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, await _errors);
        return output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();

        _process.Dispose();
    }
}
