using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>An app that chose its SQLite itself. The choice is the process's, so the library is loaded once more, apart.</summary>
public sealed class OtherProviderTests
{
    [LinuxFact]
    public async Task ProviderOfTheApp_Stays()
    {
        var app = new App(library: null);
        var provider = app.SetProvider();

        await app.UseAStoreAsync();

        Assert.Same(provider, app.Provider);
    }

    [LinuxFact]
    public async Task AnotherCopyOfTheLibrary_IsUsed()
    {
        using var folder = new TemporaryHome();
        var copy = Path.Join(folder.Path, "libe_sqlite3.so");
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        File.Copy(Path.Join(AppContext.BaseDirectory, "runtimes", $"linux-{architecture}", "native", "libe_sqlite3.so"), copy);
        var app = new App(copy);

        await app.UseAStoreAsync();
    }

    private sealed class App(string? library) : AssemblyLoadContext("an app")
    {
        private Assembly Core => LoadFromAssemblyName(new AssemblyName("Hermes.Core"));

        private FieldInfo ProviderField => LoadFromAssemblyName(new AssemblyName("SQLitePCLRaw.core")).GetType("SQLitePCL.raw")!
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic).Single(candidate => candidate.FieldType.Name == "ISQLite3Provider");

        public object? Provider => ProviderField.GetValue(null);

        public object SetProvider()
        {
            var provider = Activator.CreateInstance(
                LoadFromAssemblyName(new AssemblyName("SQLitePCLRaw.provider.e_sqlite3")).GetType("SQLitePCL.SQLite3Provider_e_sqlite3")!)!;
            ProviderField.DeclaringType!.GetMethod("SetProvider")!.Invoke(null, [provider]);
            return provider;
        }

        public async Task UseAStoreAsync()
        {
            using var home = new TemporaryHome();
            var storeType = Core.GetType("Hermes.Core.Sessions.Sqlite.SqliteSessionStore")!;
            using var store = (IDisposable)Activator.CreateInstance(
                storeType,
                Activator.CreateInstance(Core.GetType("Hermes.Core.HermesHome")!, home.Path),
                TimeProvider.System,
                Activator.CreateInstance(typeof(NullLogger<>).MakeGenericType(storeType)),
                null,
                null)!;
            var session = Activator.CreateInstance(Core.GetType("Hermes.Core.Sessions.NewSession")!)!;
            session.GetType().GetProperty("Id")!.SetValue(session, "ä");
            session.GetType().GetProperty("Title")!.SetValue(session, "Zürich");

            await (Task)storeType.GetMethod("CreateAsync")!.Invoke(store, [session, CancellationToken.None])!;
            var finding = (Task)storeType.GetMethod("FindAsync")!.Invoke(store, ["Ä", CancellationToken.None])!;
            await finding;
            Assert.Null(finding.GetType().GetProperty("Result")!.GetValue(finding));
            finding = (Task)storeType.GetMethod("FindAsync")!.Invoke(store, ["ä", CancellationToken.None])!;
            await finding;
            var found = finding.GetType().GetProperty("Result")!.GetValue(finding)!;
            Assert.Equal("Zürich", found.GetType().GetProperty("Title")!.GetValue(found));
        }

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == "Hermes.Core" || assemblyName.Name!.StartsWith("SQLitePCLRaw.", StringComparison.Ordinal)
                ? LoadFromAssemblyPath(Path.Join(AppContext.BaseDirectory, assemblyName.Name + ".dll"))
                : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            library is not null && unmanagedDllName == "e_sqlite3" ? LoadUnmanagedDllFromPath(library) : 0;
    }
}
