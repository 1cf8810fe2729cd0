using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hermes.Core.Tests.Support;

/// <summary>The built host as a process of its own, on a free port.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly StringWriter _output = new();
    private Task<string> _rest = Task.FromResult("");

    private HostProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>Starts the host and waits until it serves.</summary>
    public static Task<HostProcess> StartAsync(string? home, string[]? arguments = null, params (string Name, string? Value)[] environment) =>
        WaitAsync(Launch(home, arguments, environment));

    /// <summary>Starts the host as somebody who may not read what others may not: where root runs the tests, as user 65534.</summary>
    public static Task<HostProcess> StartWithoutRightsAsync(string home) => WaitAsync(Launch(
        home, [], [], Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []));

    private static async Task<HostProcess> WaitAsync(HostProcess host)
    {
        while (await host._process.StandardOutput.ReadLineAsync() is { } line)
        {
            await host._output.WriteLineAsync(line);
            if (line.StartsWith("Hermes serves ", StringComparison.Ordinal))
            {
                host.Address = new Uri(line["Hermes serves ".Length..]);

                // Nobody reads on, and a full pipe would stop the host.
                host.DrainOutput();
                return host;
            }
        }

        throw new InvalidOperationException($"The host did not start: {await host._errors}");
    }

    /// <summary>Starts a host that is expected to refuse, and gives its exit code and what it wrote as error.</summary>
    public static async Task<(int ExitCode, string Errors)> RunToEndAsync(string? home, string[]? arguments = null, params (string Name, string? Value)[] environment)
    {
        var (exitCode, errors, _) = await RunAsync(home, arguments, environment);
        return (exitCode, errors);
    }

    /// <summary>Starts a host that is expected to end by itself, and gives what it wrote.</summary>
    public static async Task<(int ExitCode, string Errors, string Output)> RunAsync(string? home, string[]? arguments = null, params (string Name, string? Value)[] environment)
    {
        await using var host = Launch(home, arguments, environment);
        var output = host._process.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await host._process.WaitForExitAsync(limit.Token);
        return (host._process.ExitCode, await host._errors, await output);
    }

    /// <summary>Sends the signal of Ctrl+C and waits for the end.</summary>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>What it wrote from its start to its end, for which this waits.</summary>
    public async Task<string> ReadOutputAsync() => _output + await _rest;

    /// <summary>Ends the process at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();

        _process.Dispose();
    }

    private static HostProcess Launch(string? home, string[]? arguments, (string Name, string? Value)[] environment, string[]? launcher = null)
    {
        // env gives the process the default answer to the signal of Ctrl+C, which shells take from what they start in the background.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", .. launcher ?? [], Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Join(AppContext.BaseDirectory, "Hermes.Host.dll"));
        foreach (var argument in arguments ?? [])
            start.ArgumentList.Add(argument);

        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("API_SERVER_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);

        start.Environment[HermesHome.EnvironmentVariable] = home;
        start.Environment["API_SERVER_PORT"] = "0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        return new HostProcess(Process.Start(start)!);
    }

    private void DrainOutput() => _rest = _process.StandardOutput.ReadToEndAsync();
}
